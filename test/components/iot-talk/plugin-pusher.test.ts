import { PluginPusher } from '@components/iot-talk/plugin-pusher';
import type { PusherView } from '@components/iot-talk/plugin-pusher';
import type { IotError } from '@services/errors';
import { talkError } from '@services/talk';
import type { TalkLine } from '@services/talk';
import { encodeFlvHeader } from '../../../services/media/flv';
import { VirtualClock } from '../../net/virtual-clock';

const HEADER = encodeFlvHeader({ hasAudio: false, hasVideo: false });

function setUp(authorise: () => Promise<void> = () => Promise.resolve(), video = false) {
  const clock = new VirtualClock();
  const views: PusherView[] = [];
  const errors: IotError[] = [];
  const resetLocalServer = jest.fn();
  const log = jest.fn();
  const tracks = { audio: true, video };
  const pusher = new PluginPusher({ clock, authorise, resetLocalServer, tracks, log });
  pusher.open((view) => views.push(view));
  const line: TalkLine = {
    rateHz: 16_000,
    record: () => Promise.reject(new Error('no recorder')),
    write: () => Promise.resolve({ addChunk: () => undefined, bufferedBytes: 0 } as never),
    onLevel: () => undefined,
    onFail: (error) => void errors.push(error),
  };
  const context = {
    start: jest.fn(),
    stop: jest.fn(),
    startPreview: jest.fn(),
    switchCamera: jest.fn(),
    setMICVolume: jest.fn(),
  };
  return {
    clock,
    views,
    view: () => views[views.length - 1]!,
    errors,
    resetLocalServer,
    log,
    pusher,
    tracks,
    context,
    line,
    /** A talk whose sound goes out. */
    async talk() {
      const authorised = pusher.source.authorise();
      await settle();
      pusher.onReady({ livePusherContext: context });
      await authorised;
      const started = pusher.source.start(line);
      await settle();
      pusher.onFlvHeader({ data: Uint8Array.from(HEADER).buffer });
      await started;
    },
  };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

describe('PluginPusher', () => {
  it('renders a tag for the first talk, and none where the microphone is refused', async () => {
    const refused = setUp(() => Promise.reject(talkError('microphone-denied', 'no')));
    await expect(refused.pusher.source.authorise()).rejects.toMatchObject({
      reason: 'microphone-denied',
    });
    expect(refused.view().instance).toBeNull();
    const { talk, view, context, pusher } = setUp();
    expect(view().instance).toBeNull();
    await talk();
    expect([view().instance, context.start.mock.calls.length]).toEqual([1, 1]);
    pusher.source.stop();
    expect(context.stop).toHaveBeenCalledTimes(1);
  });

  it('tells which feature is missing when no tag becomes ready', async () => {
    const { pusher, clock, view } = setUp();
    const authorised = pusher.source.authorise();
    await settle();
    expect(pusher.isThere).toBe(true);
    clock.advance(8_000);
    await expect(authorised).rejects.toMatchObject({
      reason: 'player-load-failed',
      message: expect.stringContaining('feature "pusher"') as string,
    });
    expect([pusher.isThere, view().instance]).toEqual([false, null]);
  });

  it('does not start a pusher that failed while the camera was asked', async () => {
    const { pusher, context, line, errors, resetLocalServer, view } = setUp();
    const authorised = pusher.source.authorise();
    await settle();
    pusher.onReady({ livePusherContext: context });
    await authorised;
    pusher.onPusherError({ error: { code: 'WECHAT_SERVER_ERROR' } });
    void pusher.source.start(line);
    await settle();
    expect(errors.map(({ reason }) => reason)).toEqual(['local-server-lost']);
    expect(context.start).not.toHaveBeenCalled();
    pusher.source.stop();
    void pusher.source.authorise();
    await settle();
    expect([resetLocalServer.mock.calls.length, view().instance]).toEqual([1, 2]);
  });

  it('goes on by the newest context', async () => {
    const { talk, pusher } = setUp();
    await talk();
    const other = { start: jest.fn(), stop: jest.fn() };
    pusher.onReady({ livePusherContext: other });
    expect(other.start).toHaveBeenCalledTimes(1);
    pusher.source.stop();
    expect(other.stop).toHaveBeenCalledTimes(1);
  });

  it('stops a pusher that starts when nobody talks', async () => {
    const { talk, pusher, context } = setUp();
    await talk();
    pusher.source.stop();
    pusher.onStartPush();
    expect(context.stop).toHaveBeenCalledTimes(2);
    pusher.onPusherClose({ error: { code: 'USER_CLOSE' } });
    pusher.onFlvTag({ data: new ArrayBuffer(3) });
  });

  it('asks for less, and for as much again in the next talk', async () => {
    const { talk, pusher, view } = setUp();
    await talk();
    pusher.source.setProfile('low');
    expect(view().profile).toBe('low');
    pusher.source.stop();
    await talk();
    expect(view().profile).toBe('high');
  });

  it('notes states and figures of the native pusher for diagnosis', async () => {
    const { talk, pusher, log } = setUp();
    await talk();
    pusher.onStateChange({ code: 1002 });
    pusher.onNetStatus({ info: { audioBitrate: 20 } });
    const told = log.mock.calls.map(([entry]) => (entry as { message: string }).message);
    expect(told).toEqual(['pusher statechange', 'pusher netstatus']);
  });

  it('leaves nothing behind when the surface leaves', async () => {
    const { talk, pusher, context, view, clock, errors } = setUp();
    await talk();
    pusher.close();
    expect([context.stop.mock.calls.length, view().instance]).toEqual([1, null]);
    clock.advance(60_000);
    expect(errors).toEqual([]);
  });

  it('shows what the phone’s camera sees as long as a call lasts, and turns it off with its tag', async () => {
    const { pusher, talk, view, context, tracks } = setUp(undefined, true);
    await talk();
    expect(view()).toEqual({ instance: 1, profile: 'high', video: true });
    expect(context.startPreview).toHaveBeenCalledTimes(1);
    pusher.source.setMuted(true);
    expect(context.setMICVolume).toHaveBeenLastCalledWith({ volume: 0 });
    pusher.switchCamera();
    expect(context.switchCamera).toHaveBeenCalledTimes(1);
    pusher.source.stop();
    expect(view()).toMatchObject({ instance: null, video: false });
    // The next one is by sound, with a tag of its own.
    tracks.video = false;
    await talk();
    expect(view()).toMatchObject({ instance: 2, video: false });
    expect(context.startPreview).toHaveBeenCalledTimes(1);
    pusher.close();
  });

  it('gives the page’s one pusher to whoever starts next', async () => {
    const first = setUp();
    await first.talk();
    first.pusher.source.stop();
    const second = setUp();
    await second.talk();
    expect([first.view().instance, second.view().instance]).toEqual([null, 1]);
    expect(first.errors).toEqual([]);
    await first.talk();
    expect(second.view().instance).toBeNull();
    expect(second.errors).toMatchObject([{ reason: 'talk-interrupted' }]);
    first.pusher.close();
    second.pusher.close();
  });
});
