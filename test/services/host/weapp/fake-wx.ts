import type { WeappApi } from '../../../../services/host/weapp';

type Listener = (result?: unknown) => void;

/** The part of a mini-program's emitters that the fakes share. */
class Emitter {
  private readonly listeners = new Map<string, Set<Listener>>();

  on = (name: string) => (listener: Listener) => {
    this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(listener));
  };
  off = (name: string) => (listener: Listener) => {
    this.listeners.get(name)?.delete(listener);
  };
  emit(name: string, result?: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) listener(result);
  }
  count(): number {
    return [...this.listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }
}

interface SendOption {
  readonly data: ArrayBuffer;
  readonly success?: Listener;
  readonly fail?: Listener;
}

export class FakeSocketTask {
  readonly events = new Emitter();
  readonly sent: Uint8Array[] = [];
  readonly pending: SendOption[] = [];
  readonly closes: unknown[] = [];
  answers: 'ok' | 'fail' | 'never' | 'throw' = 'ok';
  closeThrows = false;
  onOpen = this.events.on('open');
  onMessage = this.events.on('message');
  onError = this.events.on('error');
  onClose = this.events.on('close');

  send = (option: SendOption): void => {
    if (this.answers === 'throw') throw new Error('not open');
    this.sent.push(new Uint8Array(option.data));
    if (this.answers === 'ok') option.success?.({});
    else if (this.answers === 'fail') option.fail?.({ errMsg: 'send:fail not connected' });
    else this.pending.push(option);
  };
  close = (option: unknown): void => {
    this.closes.push(option);
    if (this.closeThrows) throw new Error('close:fail');
  };
}

export class FakeUdpSocket {
  readonly events = new Emitter();
  readonly sent: { address: string; port: number; message: Uint8Array }[] = [];
  closes = 0;
  bindAnswer: unknown = 40_000;
  sendThrows = false;
  setTTL?: () => void = () => undefined;
  onMessage = this.events.on('message');
  onError = this.events.on('error');
  onClose = this.events.on('close');

  constructor(readonly type: string | undefined) {}

  bind = (): unknown => this.bindAnswer;
  send = (option: { address: string; port: number; message: ArrayBuffer }): void => {
    if (this.sendThrows) throw new Error('send:fail');
    this.sent.push({ ...option, message: new Uint8Array(option.message) });
  };
  close = (): void => {
    this.closes++;
    if (this.closes > 1) throw new Error('closed');
  };
}

interface Callbacks {
  readonly length?: number;
  readonly success?: Listener;
  readonly fail?: Listener;
}

/** A `wx` whose network is in the test's hands; delete a member to get an older base library. */
export class FakeWx {
  readonly events = new Emitter();
  readonly stored = new Map<string, unknown>();
  readonly tasks: FakeSocketTask[] = [];
  readonly connects: Record<string, unknown>[] = [];
  readonly udpSockets: FakeUdpSocket[] = [];
  randomCalls: number[] = [];
  random: (option: Callbacks) => void = ({ length, success }) =>
    success?.({ randomValues: Uint8Array.from({ length: length! }, (_, i) => i * 7).buffer });
  localIp: (option: Callbacks) => void = ({ success }) => success?.({ localip: '192.168.1.7' });
  prepareUdp: (socket: FakeUdpSocket) => void = () => undefined;

  readonly api = {
    getRandomValues: (option: Callbacks) => {
      this.randomCalls.push(option.length!);
      this.random(option);
    },
    getStorageSync: (key: string) => this.stored.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => void this.stored.set(key, value),
    connectSocket: (option: Record<string, unknown>) => {
      const task = new FakeSocketTask();
      this.connects.push(option);
      this.tasks.push(task);
      return task;
    },
    createUDPSocket: (type?: string) => {
      const socket = new FakeUdpSocket(type);
      this.prepareUdp(socket);
      this.udpSockets.push(socket);
      return socket;
    },
    getLocalIPAddress: (option: Callbacks) => this.localIp(option),
    onNetworkStatusChange: this.events.on('network'),
    offNetworkStatusChange: this.events.off('network'),
    onAppShow: this.events.on('show'),
    offAppShow: this.events.off('show'),
    onAppHide: this.events.on('hide'),
    offAppHide: this.events.off('hide'),
  };

  /** The same `wx` without some of its members. */
  without(...names: (keyof FakeWx['api'])[]): WeappApi {
    const api: Partial<FakeWx['api']> = { ...this.api };
    for (const name of names) delete api[name];
    return api as unknown as WeappApi;
  }

  get wx(): WeappApi {
    return this.without();
  }
}
