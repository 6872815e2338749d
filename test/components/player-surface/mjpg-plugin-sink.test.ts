/** @jest-environment node */
import { MjpgPluginSink } from '@components/player-surface/mjpg-plugin-sink';
import type { TagView } from '@components/player-surface/plugin-tag-sink';
import type { PlayerSinkEvents } from '@services/player';
import { EmulatedMjpgPlayer } from '../../host/emulated-mjpg-player';
import { VirtualClock } from '../../net/virtual-clock';

/** A frame header of 64 × 48 and no picture in it. */
const JPEG = Uint8Array.of(
  ...[0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 48, 0, 64, 1, 1, 0x11, 0],
  ...[0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9],
);
const HEADERS = { 'Content-Type': 'multipart/x-mixed-replace; boundary=cut' };

function multipart(count: number, boundary = 'cut'): Uint8Array {
  const head = `--${boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: ${JPEG.length}\r\n\r\n`;
  const part = Buffer.concat([Buffer.from(head), JPEG, Buffer.from('\r\n')]);
  return Uint8Array.from(Buffer.concat(Array.from({ length: count }, () => part)));
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp() {
  const clock = new VirtualClock();
  const views: TagView[] = [];
  const resetLocalServer = jest.fn();
  let player: EmulatedMjpgPlayer | null = null;
  const players: EmulatedMjpgPlayer[] = [];
  const tag = (data: { autoplay: boolean }) => ({
    data,
    triggerEvent(name: string, detail: never) {
      if (name === 'playerReady') sink.onPlayerReady(detail);
      if (name === 'playerStartPull') sink.onStartPull();
      if (name === 'playerClose') sink.onPlayerClose(detail);
      if (name === 'playerError') sink.onPlayerError(detail);
      if (name === 'load') sink.onLoad(detail);
      if (name === 'error') sink.onNativeError(detail);
    },
  });
  let shown: TagView = { instance: null, autoplay: false };
  const onView = (view: TagView): void => {
    views.push(view);
    if (view.instance !== shown.instance) {
      player?.leave();
      player = view.instance === null ? null : new EmulatedMjpgPlayer(tag(view) as never, bufferOf);
      if (player !== null) players.push(player);
    } else if (view.autoplay && !shown.autoplay) player?.onAutoplay(true);
    shown = view;
  };
  const sink = new MjpgPluginSink({ clock, onView, resetLocalServer });
  const events = {
    onReady: jest.fn(),
    onStartPull: jest.fn(),
    onFirstFrame: jest.fn(),
    onVideoSize: jest.fn(),
    onProgress: jest.fn(),
    onStalled: jest.fn(),
    onResumed: jest.fn(),
    onBlocked: jest.fn(),
    onMuted: jest.fn(),
    onVisible: jest.fn(),
    onError: jest.fn(),
  } satisfies PlayerSinkEvents;
  return {
    clock,
    sink,
    events,
    resetLocalServer,
    latest: () => players[players.length - 1]!,
    write: (bytes: Uint8Array) => sink.write(bufferOf(bytes)),
    async play() {
      sink.open(events);
      await turn();
      sink.play();
      await turn();
      sink.setHeaders(HEADERS);
    },
  };
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

describe('MjpgPluginSink', () => {
  it.each([1, 7, 60, 1_000])(
    'hands over whole pictures of a stream in pieces of %i',
    async (size) => {
      const { sink, events, latest, write, play } = setUp();
      await play();
      expect([events.onReady, events.onStartPull].map((fn) => fn.mock.calls.length)).toEqual([
        1, 1,
      ]);
      const bytes = multipart(5);
      for (let at = 0; at < bytes.length; at += size) write(bytes.subarray(at, at + size));
      expect([latest().pictures, latest().problems]).toEqual([5, []]);
      expect(latest().headers).toBe(HEADERS);
      expect(events.onFirstFrame).toHaveBeenCalledTimes(1);
      expect(events.onVideoSize.mock.calls).toEqual([[{ width: 64, height: 48 }]]);
      sink.stop();
      await turn();
      expect(latest().isPulling).toBe(false);
    },
  );

  it('names a boundary where the camera has not', async () => {
    const { sink, latest, write, play } = setUp();
    await play();
    sink.setHeaders({});
    write(multipart(2, 'own'));
    expect([latest().pictures, latest().problems]).toEqual([2, []]);
  });

  it('answers a new request with headers, from the next picture on', async () => {
    const { events, latest, write, play, clock } = setUp();
    await play();
    const bytes = multipart(4);
    write(bytes.subarray(0, 100));
    latest().close('LIVE_PLAYER_CLOSED');
    write(bytes.subarray(100, 200));
    clock.advance(2_000);
    await turn();
    write(bytes.subarray(200));
    expect([latest().pulls, latest().problems]).toEqual([2, []]);
    expect(latest().pictures).toBeGreaterThan(1);
    expect(events.onStartPull).toHaveBeenCalledTimes(1);
  });

  it('tells how it goes, and when it stands still', async () => {
    const { events, write, play, clock } = setUp();
    await play();
    write(multipart(1));
    clock.advance(1_500);
    write(multipart(1));
    expect(events.onProgress.mock.calls).toEqual([
      [{ currentTimeMs: 1_500, latencyMs: 0, shownFrames: 2, droppedFrames: null }],
    ]);
    clock.advance(3_000);
    expect(events.onStalled).toHaveBeenCalledTimes(1);
    write(multipart(1));
    expect(events.onResumed).toHaveBeenCalledTimes(1);
  });

  it('restarts the local server that the system has closed', async () => {
    const { events, latest, play, resetLocalServer } = setUp();
    await play();
    latest().fire('playerError', { error: { code: 'WECHAT_SERVER_ERROR' } });
    expect(events.onError).toHaveBeenCalledWith(
      expect.objectContaining({ reason: 'local-server-lost' }),
    );
    await play();
    expect(resetLocalServer).toHaveBeenCalledTimes(1);
  });

  it('tells what the plugin, its pictures and the stream lack', async () => {
    const { events, latest, write, play } = setUp();
    await play();
    latest().fire('playerError', { error: { code: 'CREATE_FAILED' } });
    latest().fire('error', { errMsg: 'no picture' });
    write(Uint8Array.from(Buffer.from('--cut\r\nContent-Length: 99999999999\r\n\r\n')));
    const reasons = events.onError.mock.calls.map(
      ([error]) => (error as { reason: string }).reason,
    );
    expect(reasons.slice(0, 2)).toEqual(['player-load-failed', 'media-broken']);
    expect(reasons).toHaveLength(3);
  });

  it('tells that the tag never became ready', () => {
    const { sink, events, clock } = setUp();
    sink.open(events);
    clock.advance(8_000);
    expect(events.onError).toHaveBeenCalledWith(
      expect.objectContaining({ message: expect.stringContaining('<p2p-mjpg-player>') as string }),
    );
  });
});
