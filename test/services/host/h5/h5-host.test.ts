import { createH5Host } from '../../../../services/host/h5';
import type { WebSocketEvents } from '../../../../services/host';

class FakeWebSocket {
  static readonly OPEN = 1;
  static latest: FakeWebSocket;
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 42;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: Uint8Array[] = [];
  closed = false;

  constructor(readonly url: string) {
    if (url.startsWith('bad')) throw new SyntaxError('not a url');
    FakeWebSocket.latest = this;
  }

  send(message: Uint8Array): void {
    if (this.readyState !== 1) throw new Error('InvalidStateError');
    this.sent.push(message);
  }

  close(): void {
    this.closed = true;
  }
}

const events = () => ({
  onOpen: jest.fn(),
  onMessage: jest.fn(),
  onClose: jest.fn(),
});

describe('createH5Host', () => {
  const globals = globalThis as unknown as Record<string, unknown>;
  const original = { WebSocket: globals.WebSocket, localStorage: globals.localStorage };

  beforeEach(() => {
    globals.WebSocket = FakeWebSocket;
  });
  afterEach(() => {
    Object.assign(globals, original);
  });

  const open = (url: string, handlers: WebSocketEvents) => {
    const link = createH5Host().openWebSocket!(url, handlers);
    return { link, socket: FakeWebSocket.latest };
  };

  it('opens a binary socket and passes its messages on', () => {
    const handlers = events();
    const { link, socket } = open('wss://relay', handlers);
    expect(socket.binaryType).toBe('arraybuffer');
    link.send(Uint8Array.of(1));
    socket.readyState = 1;
    socket.onopen!();
    link.send(Uint8Array.of(2));
    socket.onmessage!({ data: 'text' });
    socket.onmessage!({ data: Uint8Array.of(3).buffer });
    expect(socket.sent).toEqual([Uint8Array.of(2)]);
    expect(handlers.onMessage.mock.calls).toEqual([[Uint8Array.of(3)]]);
    expect(link.bufferedBytes()).toBe(42);
  });

  it('tells of the other side’s close once, and not of its own', () => {
    const far = events();
    const { socket } = open('wss://relay', far);
    socket.onclose!({ code: 1006, reason: '' });
    socket.onclose!({ code: 1006, reason: '' });
    expect(far.onClose.mock.calls).toEqual([['closed with code 1006']]);

    const own = events();
    const { link, socket: second } = open('wss://relay', own);
    link.close();
    second.onclose!({ code: 1000, reason: '' });
    link.send(Uint8Array.of(1));
    expect(own.onClose).not.toHaveBeenCalled();
    expect(link.bufferedBytes()).toBe(0);
  });

  it('reports an address that the browser refuses as a close', async () => {
    const handlers = events();
    const { link } = open('bad', handlers);
    expect(handlers.onClose).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(handlers.onClose).toHaveBeenCalledWith('not a url');
    link.send(Uint8Array.of(1));
  });

  it('keeps values in memory where the browser stores nothing', () => {
    globals.localStorage = {
      getItem: () => {
        throw new Error('SecurityError');
      },
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
    };
    const { storage } = createH5Host();
    expect(storage.get('a')).toBeNull();
    storage.set('a', '1');
    expect(storage.get('a')).toBe('1');
  });

  it('gives as many random bytes as asked for', () => {
    const { random } = createH5Host();
    expect(random.bytes(70_000)).toHaveLength(70_000);
    expect(random.bytes(16)).not.toEqual(random.bytes(16));
  });

  it('has a clock that does not go back, and timers that can be cancelled', () => {
    jest.useFakeTimers();
    const { clock } = createH5Host();
    const fired = jest.fn();
    const cancel = clock.setTimer(10, fired);
    clock.setTimer(20, fired);
    clock.setTimer(2 ** 40, fired);
    cancel();
    cancel();
    jest.advanceTimersByTime(50);
    expect(fired).toHaveBeenCalledTimes(1);
    expect(clock.wallMs()).toBeGreaterThan(1.6e12);
    jest.useRealTimers();
  });
});
