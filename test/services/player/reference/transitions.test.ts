import { FakeP2PModule, iotError } from '../../../standins/fake-p2p-module';
import { playerStatus } from '../../../../services/player/player-status';
import { MachineDriver } from '../machine-driver';
import { DEVICE, HIGH, PlayerWorld, settled, STANDARD } from '../player-world';

const ready = () => new MachineDriver().send('start', 'surface-ready', 'module-ready');
const late = () => {
  const player = new MachineDriver({ earlyStream: false });
  return player.send('start', 'surface-ready', 'module-ready', 'service-started');
};
const broken = { type: 'stream-broken', error: iotError('connection-lost') } as const;

describe('reference §4.4, rule by rule', () => {
  it('both PlayerReady and ServiceStarted: WaitPull, and play is triggered', () => {
    const player = late();
    expect(player.acts).toEqual(['sinkPlay']);
    expect(player.state.stream.kind).toBe('StreamWaitPull');
  });

  it.each(['surface-error', 'timer'] as const)(
    'the replay is allowed from LivePlayerError (%s)',
    (how) => {
      const player = ready().send('service-started', 'start-pull', 'data');
      if (how === 'timer') player.timer('first-frame');
      else player.send({ type: 'surface-error', error: iotError('media-broken') });
      expect(player.state.player.kind).toBe('LivePlayerError');
      expect(player.timer('retry').send('surface-ready').acts).toEqual(['sinkPlay']);
    },
  );

  it('StartPull while paused starts nothing: the surface was stopped', () => {
    const player = new MachineDriver().play().send('pause');
    expect(player.acts).toEqual(['stopStream', 'sinkStop']);
    expect(player.send('start-pull').acts).toEqual([]);
    expect(player.state.stream.kind).toBe('StreamIdle');
  });

  it('StartPull without a started service starts nothing', () => {
    const player = ready().send({ type: 'service-failed', error: iotError('peer-offline') });
    expect(player.send('start-pull').acts).toEqual([]);
  });

  it('StartPull: ReceivePull, the check where it is wanted, then startStream', () => {
    const player = new MachineDriver({ checkStream: true });
    player.send('start', 'surface-ready', 'module-ready');
    // The check needs the connection.
    expect(player.state.stream.kind).toBe('StreamIdle');
    expect(player.send('service-started', 'start-pull').acts).toEqual(['checkStream']);
    expect(player.send('checked').acts).toEqual(['startStream']);
  });

  it('the check is remembered until the service is built anew', () => {
    const player = new MachineDriver({ checkStream: true });
    player.send('start', 'surface-ready', 'module-ready', 'service-started', 'start-pull');
    player.send('checked', 'data', 'first-frame', broken).timer('retry');
    expect(player.send('start-pull').acts).toEqual(['startStream']);
    player.send({ type: 'disconnected', error: iotError('connection-lost') }).timer('retry');
    expect(player.send('service-started', 'start-pull').acts).toEqual(['checkStream']);
  });

  it('a check that fails: StreamCheckError, its reason is shown, the surface is stopped', () => {
    const player = new MachineDriver({ checkStream: true });
    player.send('start', 'surface-ready', 'module-ready', 'service-started', 'start-pull');
    player.send({ type: 'check-failed', error: iotError('device-busy') });
    expect(player.state.stream.kind).toBe('StreamCheckError');
    expect(player.acts).toEqual(['sinkStop', 'reportError']);
    expect(playerStatus(player.state)).toMatchObject({ text: 'error.device-busy.title' });
  });

  it('a check that is never answered ends, too', () => {
    const player = new MachineDriver({ checkStream: true });
    player.send('start', 'surface-ready', 'module-ready', 'service-started', 'start-pull');
    expect(player.timersSet).toEqual({ check: 8_000 });
    player.timer('check');
    expect(player.state.recovery).toMatchObject({ error: { reason: 'request-timeout' } });
  });

  it('startStream that rejects: StreamStartError, the surface is stopped, playError', () => {
    const player = late().send('start-pull');
    player.send({ type: 'stream-failed', error: iotError('internal') });
    expect(player.state.stream.kind).toBe('StreamStartError');
    expect(player.acts).toEqual(['stopStream', 'sinkStop', 'reportError']);
  });

  it.each([500, 404])('Parsed %i: StreamHttpStatusError, the surface is stopped', (status) => {
    const player = late().send('start-pull', 'stream-started', { type: 'parsed', status });
    expect(player.state.stream.kind).toBe('StreamHttpStatusError');
    expect(player.acts).toContain('sinkStop');
    // A fault of the camera passes by itself, a wrong stream does not.
    expect(player.state.recovery.kind).toBe(status >= 500 ? 'scheduled' : 'failed');
  });

  it('the first chunk: StreamDataReceived', () => {
    expect(late().send('start-pull', 'data').state.stream.kind).toBe('StreamDataReceived');
  });

  it('Success/Eof: stream and surface stop; here it is tried again, as a live stream has no end', () => {
    const player = new MachineDriver().play().send('stream-end');
    expect(player.acts).toEqual(['stopStream', 'sinkEnd', 'reportError']);
    expect(player.timer('retry').acts).toEqual(['sinkStop', 'sinkPlay']);
  });

  it('Fail on a visible page: replayed by itself', () => {
    const player = new MachineDriver().play().send(broken);
    expect(player.timer('retry').acts).toEqual(['sinkPlay']);
  });

  it('Fail on a hidden page: when it is shown, without waiting', () => {
    const player = new MachineDriver().play().send({ type: 'visible', visible: false }, broken);
    expect(player.send({ type: 'visible', visible: true }).acts).toEqual(['sinkPlay']);
  });

  it('notify Close while playing: StreamError', () => {
    const player = new MachineDriver().play().send(broken);
    expect(player.state.stream.kind).toBe('StreamError');
  });

  it('Disconnect: everything but the surface stops, ServiceError; then a new connection', () => {
    const player = new MachineDriver().play();
    player.send({ type: 'disconnected', error: iotError('connection-lost') });
    expect(player.state.p2p.kind).toBe('ServiceError');
    expect(player.acts).toEqual(['stopStream', 'sinkStop', 'stopService', 'reportError']);
    expect(player.timer('retry').acts).toEqual(['startService', 'sinkPlay']);
  });

  it('-2301: the surface is made anew under the same page', () => {
    const player = new MachineDriver().play();
    player.send({ type: 'surface-error', error: iotError('media-broken') });
    expect(player.acts).toEqual(['stopStream', 'sinkStop', 'closeSink', 'reportError']);
    expect(player.timer('retry').acts).toEqual(['openSink']);
    expect(player.send('surface-ready').acts).toEqual(['sinkPlay']);
  });

  it('changeFlv: stream and surface stop, then the new one is triggered', async () => {
    const world = new PlayerWorld();
    const { player, sink, store } = await world.playing();
    sink.calls.length = 0;
    player.start({ device: DEVICE, stream: STANDARD });
    expect(sink.calls).toEqual(['stop', 'play']);
    expect(store.status).toMatchObject({ kind: 'loading', hasPicture: true });
    expect(world.module.calls.slice(-2)).toEqual([
      'stopStream door',
      'startStream door action=live&channel=0&quality=standard',
    ]);
  });

  it('detached: everything stops, and later callbacks are ignored', async () => {
    const world = new PlayerWorld();
    const { player, sink, store } = await world.playing();
    const { stream, callbacks } = world.module.service('door');
    const { events } = sink;
    player.close();
    const { state } = store;
    stream!.dataCallback(new ArrayBuffer(9));
    stream!.msgCallback!('notify', 'fail', undefined);
    callbacks.msgCallback('notify', 'disconnect', undefined);
    events!.onError(iotError('media-broken'));
    world.clock.advance(300_000);
    expect(store.state).toBe(state);
    expect(sink.written).toBeLessThan(100);
  });
});

describe('reference §4.5', () => {
  it.each([
    [
      'PlayerError',
      () =>
        new MachineDriver().send('start', {
          type: 'surface-error',
          error: iotError('player-load-failed'),
        }),
    ],
    [
      'LivePlayerError',
      () =>
        new MachineDriver().play().send({ type: 'surface-error', error: iotError('media-broken') }),
    ],
    [
      'P2PInitError',
      () =>
        new MachineDriver().send('start', {
          type: 'module-failed',
          error: iotError('nat-probe-failed'),
        }),
    ],
    [
      'needResetLocalServer',
      () =>
        new MachineDriver()
          .play()
          .send({ type: 'surface-error', error: iotError('local-server-lost') }),
    ],
    [
      'ServiceStartError',
      () => ready().send({ type: 'service-failed', error: iotError('peer-offline') }),
    ],
    [
      'ServiceError',
      () =>
        new MachineDriver()
          .play()
          .send({ type: 'disconnected', error: iotError('connection-lost') }),
    ],
    ['StreamError', () => new MachineDriver().play().send(broken)],
  ] as const)('%s is fatal nowhere: it is tried again under the same page', (_name, failed) => {
    const player = failed();
    expect(player.state.recovery.kind).toBe('scheduled');
    player.timer('retry');
    expect(playerStatus(player.state).kind).toBe('loading');
  });

  it('networkChanged is no error: a fresh link at once, without a failure counted', () => {
    const player = new MachineDriver().play().send('link-lost');
    expect(player.acts).toEqual([
      'stopStream',
      'sinkStop',
      'stopService',
      'startService',
      'sinkPlay',
    ]);
    expect(player.state).toMatchObject({ failures: 0, recovery: { kind: 'none' } });
  });

  it('a refusal of the microphone waits for the user, who can retry', () => {
    const player = new MachineDriver().play();
    player.send({ type: 'surface-error', error: iotError('microphone-denied', false) });
    expect(playerStatus(player.state).kind).toBe('error');
    expect(player.send('retry').acts).toContain('openSink');
  });

  it('a tap is refused by nothing, but what is under way is left alone', () => {
    const player = ready();
    const { state } = player;
    expect(player.send('retry').state).toBe(state);
  });
});

describe('reference §4.6', () => {
  const text = (player: MachineDriver) => playerStatus(player.state).text;

  it('tells of the player until it is ready, then of the connection, then of the stream', () => {
    const player = new MachineDriver({ earlyStream: false }).send('start');
    expect(text(player)).toBe('status.preparing-player');
    player.send('surface-ready');
    expect(text(player)).toBe('status.starting');
    player.send('module-ready');
    expect(text(player)).toBe('status.connecting');
    player.send('service-started');
    expect(text(player)).toBe('status.requesting');
    player.send('start-pull', 'request', { type: 'parsed', status: 200 });
    expect(text(player)).toBe('status.waiting-for-data');
    player.send('data');
    expect(text(player)).toBe('status.decoding');
    player.send('first-frame');
    expect(text(player)).toBe('status.playing');
  });

  it('names the check', () => {
    const player = new MachineDriver({ checkStream: true });
    player.send('start', 'surface-ready', 'module-ready', 'service-started', 'start-pull');
    expect(text(player)).toBe('status.checking');
  });

  it('names a pause, by the user or of a hidden page', () => {
    expect(text(new MachineDriver().play().send('pause'))).toBe('status.paused');
    const hidden = new MachineDriver().play().send({ type: 'visible', visible: false });
    expect(text(hidden.timer('hidden'))).toBe('status.paused');
  });
});

describe('reference §4.7', () => {
  const steps = (world: Awaited<ReturnType<typeof launched>>) =>
    world.store.trace!.steps.map(({ name }) => name);
  async function launched(checkStream: boolean) {
    const world = new PlayerWorld();
    world.module.sendCommand = () =>
      Promise.resolve({
        type: 'success',
        status: 200,
        data: '[{"status":"0"}]',
        errcode: 0,
        errmsg: '',
      });
    const parts = world.player({ checkStream });
    parts.player.start({ device: DEVICE, stream: HIGH });
    await settled();
    world.module.service('door').resolve();
    await settled();
    world.header();
    world.clock.advance(40);
    parts.sink.events!.onFirstFrame();
    return { ...parts, world };
  }

  it('names the steps, from the player to the first picture', async () => {
    expect(new Set(steps(await launched(true)))).toEqual(
      new Set([
        'CreatePlayer',
        'InitModule',
        'StartP2PService',
        'ConnectLocalServer',
        'CheckStream',
        'StartStream',
        'WaitHeader',
        'WaitData',
        'WaitIDR',
      ]),
    );
  });

  it('tells when the connection stood, when both were ready, and what the picture took', async () => {
    const { store } = await launched(false);
    expect(store.trace).toMatchObject({
      startAction: 'enter',
      result: 'playing',
      totalMs: 40,
      p2pConnectedMs: 0,
      bothReadyMs: 0,
      firstPicture: { chunks: 2, bytes: 13 + 21 },
    });
  });

  it('changeFlv and clickRetry begin launches of their own', async () => {
    const { player, store } = await launched(false);
    player.start({ device: DEVICE, stream: STANDARD });
    expect(store.trace).toMatchObject({ startAction: 'changeFlv', result: 'pending' });
    player.retry();
    player.stop();
    expect(store.trace).toMatchObject({ result: 'stopped' });
    expect(store.trace!.steps.map(({ name }) => name)).toContain('FinalStop');
    player.retry();
    expect(store.trace).toMatchObject({ startAction: 'clickRetry' });
  });

  it('WaitStream is a wait for data that failed, AutoReconnect the one for the next try', async () => {
    const world = new PlayerWorld();
    const { store } = await world.playing();
    world.module.notify('door', 'fail', { status: 200 });
    world.clock.runUntil(() => store.status.kind === 'loading', 2_000);
    await settled();
    world.module.notify('door', 'request');
    world.module.notify('door', 'parsed', { status: 200 });
    world.clock.advance(100);
    world.module.notify('door', 'fail', { status: 200 });
    const waits = store.trace!.steps.filter(({ name }) => name === 'WaitStream');
    expect(waits).toEqual([expect.objectContaining({ durationMs: 100 })]);
    expect(store.trace!.steps.map(({ name }) => name)).toContain('AutoReconnect');
  });
});

describe('reference §4.8', () => {
  it('the module is initialised once for all players, again after a failure', async () => {
    const module = new FakeP2PModule();
    const world = new PlayerWorld({ module });
    module.initResult = () => Promise.reject(iotError('nat-probe-failed'));
    const { player, store } = world.player();
    player.start({ device: DEVICE, stream: HIGH });
    await settled();
    expect(store.status).toMatchObject({ error: { reason: 'nat-probe-failed' } });
    module.initResult = () => Promise.resolve(0);
    world.clock.runUntil(() => store.status.kind === 'loading', 2_000);
    await settled();
    expect(module.calls).toEqual([
      'init',
      'init',
      'startP2PService door',
      'startStream door action=live&channel=0&quality=high',
    ]);
  });
});
