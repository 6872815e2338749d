import { playerStatus } from '../../../services/player/player-status';
import { iotError } from '../../standins/fake-p2p-module';
import { MachineDriver } from './machine-driver';

describe('playerMachine', () => {
  describe('on the way to the picture', () => {
    it('makes surface and module ready at the same time', () => {
      const player = new MachineDriver().send('start');
      expect(player.acts).toEqual(['openSink', 'initModule']);
      expect(player.kinds).toEqual(['PlayerPreparing', 'P2PIniting', 'StreamIdle']);
    });

    it('connects without waiting for the surface', () => {
      const player = new MachineDriver().send('start', 'module-ready');
      expect(player.acts).toEqual(['startService']);
    });

    it('plays when the surface is ready, while the connection is still being made', () => {
      const player = new MachineDriver().send('start', 'module-ready', 'surface-ready');
      expect(player.acts).toEqual(['sinkPlay']);
      expect(player.kinds).toEqual(['PlayerReady', 'ServicePreparing', 'StreamWaitPull']);
    });

    it('waits for the connection where the engine cannot take an early request', () => {
      const player = new MachineDriver({ earlyStream: false });
      player.send('start', 'module-ready', 'surface-ready');
      expect(player.acts).toEqual([]);
      expect(player.send('service-started').acts).toEqual(['sinkPlay']);
    });

    it('starts the stream only when the surface asks for bytes', () => {
      const player = new MachineDriver().send('start', 'module-ready', 'surface-ready');
      player.send('service-started');
      expect(player.acts).toEqual([]);
      expect(player.send('start-pull').acts).toEqual(['startStream']);
      expect(player.send('start-pull').acts).toEqual([]);
    });

    it('holds the stream back while the page is hidden', () => {
      const player = new MachineDriver().send('start', { type: 'visible', visible: false });
      player.send('module-ready', 'surface-ready', 'service-started', 'start-pull');
      expect(player.acts).toEqual([]);
      expect(player.state.stream.kind).toBe('StreamReceivePull');
      expect(player.send({ type: 'visible', visible: true }).acts).toEqual(['startStream']);
    });

    it('passes through the stream states of the seed', () => {
      const player = new MachineDriver().send('start', 'module-ready', 'surface-ready');
      player.send('service-started', 'start-pull');
      const kinds = ['stream-started', 'request', { type: 'parsed', status: 200 }, 'data'] as const;
      expect(kinds.map((event) => player.send(event).state.stream.kind)).toEqual([
        'StreamStarted',
        'StreamRequest',
        'StreamHeaderParsed',
        'StreamDataReceived',
      ]);
      expect(playerStatus(player.state).kind).toBe('loading');
      expect(playerStatus(player.send('first-frame').state).kind).toBe('playing');
    });

    it('takes data for an answer where the module does not report the head', () => {
      const player = new MachineDriver().send('start', 'module-ready', 'surface-ready');
      player.send('start-pull', 'service-started', 'data');
      expect(player.state.stream.kind).toBe('StreamDataReceived');
    });
  });

  describe('in every waiting state', () => {
    it('limits the wait for surface and module', () => {
      const player = new MachineDriver().send('start');
      expect(player.timersSet).toEqual({ surface: 30_000, module: 10_000 });
    });

    it('gives up a surface that does not become ready, and tries another', () => {
      const player = new MachineDriver().send('start').timer('surface');
      expect(player.acts).toEqual(['closeSink', 'reportError']);
      expect(player.state.player).toMatchObject({ error: { reason: 'player-load-failed' } });
      expect(player.timer('retry').acts).toContain('openSink');
    });

    it('gives up a module that does not initialise', () => {
      const player = new MachineDriver().send('start').timer('module');
      expect(player.state.p2p).toMatchObject({
        kind: 'P2PInitError',
        error: { reason: 'not-initialised' },
      });
      expect(player.timer('retry').acts).toEqual(['initModule']);
    });

    it('gives up a connection that is not made, even if the module forgets to', () => {
      const player = new MachineDriver().send('start', 'module-ready').timer('service');
      expect(player.acts).toEqual(['stopService', 'reportError']);
      expect(player.state.p2p).toMatchObject({ error: { reason: 'connect-timeout' } });
    });

    it('opens the surface anew when it does not ask for bytes', () => {
      const player = new MachineDriver().send('start', 'module-ready', 'surface-ready');
      expect(player.timersSet).toEqual({ pull: 10_000 });
      player.timer('pull');
      expect(player.acts).toEqual(['sinkStop', 'closeSink', 'reportError']);
    });

    it('reports no-data when the connection is up and nothing comes for 10 s', () => {
      const player = new MachineDriver().send('start', 'module-ready', 'surface-ready');
      player.send('start-pull', 'stream-started');
      expect(player.timersSet).toEqual({});
      expect(player.send('service-started').timersSet).toEqual({ 'first-data': 10_000 });
      player.timer('first-data');
      expect(player.state.recovery).toMatchObject({
        kind: 'scheduled',
        error: { reason: 'no-data' },
      });
      expect(player.acts).toEqual(['stopStream', 'sinkStop', 'reportError']);
      expect(player.timer('retry').acts).toEqual(['sinkPlay']);
    });

    it('reports a media error when data comes and no picture for 10 s', () => {
      const player = new MachineDriver().send('start', 'module-ready', 'surface-ready');
      player.send('service-started', 'start-pull', 'data');
      expect(player.timersSet).toEqual({ 'first-frame': 10_000, silence: 8_000 });
      player.timer('first-frame');
      expect(player.state.player).toMatchObject({
        kind: 'LivePlayerError',
        error: { reason: 'media-broken' },
      });
    });

    it('does not expect a picture from a hidden page', () => {
      const player = new MachineDriver().send('start', 'module-ready', 'surface-ready');
      player.send('service-started', 'start-pull', 'data', { type: 'visible', visible: false });
      const { state } = player.timer('first-frame');
      expect(state.recovery.kind).toBe('none');
      expect(player.send({ type: 'visible', visible: true }).timersSet).toMatchObject({
        'first-frame': 10_000,
      });
    });

    it('ignores a timer that no state waits for', () => {
      const player = new MachineDriver().play();
      const { state } = player;
      expect(player.timer('surface').timer('retry').timer('pull').state).toBe(state);
    });
  });

  describe('while playing', () => {
    it('begins the stream anew in place after 8 s without data', () => {
      const player = new MachineDriver().play().timer('silence', 8_000);
      expect(player.acts).toEqual(['stopStream', 'sinkStop', 'sinkPlay']);
      expect(player.state.p2p.kind).toBe('ServiceStarted');
      expect(playerStatus(player.state)).toMatchObject({ kind: 'loading', hasPicture: true });
    });

    it('waits the rest of the 8 s when data came meanwhile', () => {
      const player = new MachineDriver().play().timer('silence', 5_000);
      expect(player.acts).toEqual([]);
      expect(player.timersSet).toEqual({ silence: 3_000 });
    });

    it('begins the stream anew when the picture stands still for 10 s', () => {
      const player = new MachineDriver().play().send('stalled');
      expect(playerStatus(player.state)).toMatchObject({
        kind: 'waiting',
        text: 'status.buffering',
      });
      expect(player.timersSet).toEqual({ stall: 10_000 });
      expect(player.timer('stall').acts).toEqual(['stopStream', 'sinkStop', 'sinkPlay']);
    });

    it('goes on when the picture moves again', () => {
      const player = new MachineDriver().play().send('stalled', 'resumed');
      expect(player.effects).toEqual([{ type: 'clearTimer', timer: 'stall' }]);
      expect(playerStatus(player.state).kind).toBe('playing');
    });

    it.each([
      ['relay-unreachable', 'status.relay-unreachable'],
      ['peer-offline', 'status.peer-offline'],
      ['silent', 'status.silent'],
    ] as const)('tells over the last picture that the path is down: %s', (reason, text) => {
      const player = new MachineDriver().play();
      player.send({ type: 'path', path: { state: 'down', reason } });
      expect(playerStatus(player.state)).toMatchObject({ kind: 'waiting', text, hasPicture: true });
      expect(player.acts).toEqual([]);
      player.send({ type: 'path', path: { state: 'up' } });
      expect(playerStatus(player.state).kind).toBe('playing');
    });

    it('does not blame the camera for silence while the path is down', () => {
      const player = new MachineDriver().play();
      player.send({ type: 'path', path: { state: 'down', reason: 'silent' } });
      expect(player.effects).toContainEqual({ type: 'clearTimer', timer: 'silence' });
      expect(player.timersSet).toEqual({ 'path-down': 20_000 });
      player.send({ type: 'path', path: { state: 'up' } });
      expect(player.timersSet).toEqual({ silence: 8_000 });
    });

    it('builds the connection anew when the path stays down', () => {
      const player = new MachineDriver().play();
      player.send({ type: 'path', path: { state: 'down', reason: 'peer-offline' } });
      player.timer('path-down');
      expect(player.acts).toEqual(['stopStream', 'sinkStop', 'stopService', 'reportError']);
      expect(player.state.p2p).toMatchObject({
        kind: 'ServiceError',
        error: { reason: 'peer-offline' },
      });
    });

    it('begins what plays anew when the user asks for it', () => {
      const player = new MachineDriver().play().send('retry');
      expect(player.acts).toEqual(['stopStream', 'sinkStop', 'sinkPlay']);
    });

    it('changes the stream on the same connection', () => {
      const player = new MachineDriver().play().send('stream-changed');
      expect(player.acts).toEqual(['stopStream', 'sinkStop', 'sinkPlay']);
      expect(player.state.failures).toBe(0);
    });

    it('lets the surface play the rest when the camera ends the stream, then tries again', () => {
      const player = new MachineDriver().play().send('stream-end');
      expect(player.acts).toEqual(['stopStream', 'sinkEnd', 'reportError']);
      expect(player.state.stream.kind).toBe('StreamDataEnd');
      expect(player.timer('retry').acts).toEqual(['sinkStop', 'sinkPlay']);
    });
  });

  describe('after a failure', () => {
    const connecting = () => new MachineDriver().send('start', 'surface-ready', 'module-ready');
    const offline = { type: 'service-failed', error: iotError('peer-offline') } as const;

    it('tries again later and later, from 1 s up to 15 s', () => {
      const player = connecting();
      player.jitter = 0.999999;
      const delays = [1, 2, 3, 4, 5, 6, 7].map(() => {
        const { recovery } = player.send(offline).state;
        player.timer('retry');
        return recovery.kind === 'scheduled' ? recovery.delayMs : NaN;
      });
      expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    });

    it('waits at least half of that, by chance', () => {
      const player = connecting();
      player.jitter = 0;
      expect(player.send(offline).timersSet).toEqual({ retry: 500 });
    });

    it('tells how often and when it tries', () => {
      const player = connecting();
      player.nowMs = 10_000;
      player.jitter = 0;
      expect(playerStatus(player.send(offline).state)).toMatchObject({
        kind: 'reconnecting',
        failures: 1,
        nextTryAtMs: 10_500,
        error: { reason: 'peer-offline' },
      });
    });

    it('forgets failures after 10 s of a moving picture', () => {
      const player = connecting().send(offline).timer('retry');
      player.send('service-started', 'start-pull', 'data', 'first-frame');
      expect(player.state.failures).toBe(1);
      expect(player.timersSet).toMatchObject({ stable: 10_000 });
      expect(player.timer('stable').state.failures).toBe(0);
    });

    it('lets the connection say why an early request went down with it', () => {
      const player = connecting().send('start-pull');
      player.send({ type: 'stream-broken', error: iotError('connection-lost') });
      expect(player.acts).toEqual(['stopStream', 'sinkStop']);
      expect(playerStatus(player.state)).toMatchObject({ kind: 'loading', failures: 0 });
      expect(playerStatus(player.send(offline).state)).toMatchObject({
        kind: 'reconnecting',
        error: { reason: 'peer-offline' },
        failures: 1,
      });
    });

    it('asks again for an early request that failed alone', () => {
      const player = connecting().send('start-pull');
      player.send({ type: 'stream-failed', error: iotError('internal') }, 'service-started');
      expect(player.acts).toEqual(['sinkPlay']);
    });

    it('tries at once when somebody looks again', () => {
      const player = connecting().send({ type: 'visible', visible: false }, offline);
      expect(player.send({ type: 'visible', visible: true }).acts).toEqual([
        'startService',
        'sinkPlay',
      ]);
      expect(player.state.failures).toBe(1);
    });

    it('counts two regions that fail together once', () => {
      const player = new MachineDriver().play();
      player.send({ type: 'stream-broken', error: iotError('connection-lost') });
      const before = player.state.recovery;
      player.send({ type: 'disconnected', error: iotError('peer-offline') });
      expect(player.state.failures).toBe(1);
      expect(player.state.recovery).toEqual({ ...before, error: iotError('peer-offline') });
      expect(player.timer('retry').acts).toEqual(['startService', 'sinkPlay']);
    });

    it('renews the connection when a new stream did not help three times', () => {
      const player = new MachineDriver().play();
      const broken = { type: 'stream-broken', error: iotError('no-data') } as const;
      player.send(broken).timer('retry').send('start-pull', broken).timer('retry');
      expect(player.state.p2p.kind).toBe('ServiceStarted');
      player.send('start-pull', broken);
      expect(player.timer('retry').acts).toEqual(['stopService', 'startService', 'sinkPlay']);
    });

    it.each(['access-denied', 'xp2p-info-malformed', 'version-mismatch'] as const)(
      'stops with a message when trying again is of no use: %s',
      (reason) => {
        const error = iotError(reason, false);
        const player = connecting().send({ type: 'service-failed', error });
        expect(playerStatus(player.state)).toMatchObject({ kind: 'error', error });
        expect(player.timersSet).toEqual({});
        expect(player.effects).toContainEqual({ type: 'reportError', error, willRetry: false });
        expect(player.send('retry').acts).toEqual(['startService', 'sinkPlay']);
      },
    );

    it('gives the connection up when the surface cannot show the stream at all', () => {
      const error = iotError('media-unsupported', false);
      const player = new MachineDriver().play().send({ type: 'surface-error', error });
      expect(player.acts).toEqual([
        'stopStream',
        'sinkStop',
        'stopService',
        'closeSink',
        'reportError',
      ]);
    });

    it('tries at once when the user asks for it, and counts from the start', () => {
      const player = connecting().send(offline).timer('retry').send(offline);
      expect(player.send('retry').acts).toEqual(['startService', 'sinkPlay']);
      expect(player.state.failures).toBe(0);
    });

    it('leaves a try that is under way alone', () => {
      const player = connecting();
      const { state } = player;
      expect(player.send('retry').state).toBe(state);
    });

    it('ignores results of an earlier try', () => {
      const player = connecting().send(offline).timer('retry');
      const { state } = player;
      player.send(
        { type: 'service-started', attempt: 1 },
        { type: 'service-failed', attempt: 1, error: iotError('internal') },
        { type: 'disconnected', attempt: 1, error: iotError('internal') },
        { type: 'path', attempt: 1, path: { state: 'up' } },
        { type: 'start-pull', attempt: 0 },
        { type: 'data', attempt: 0 },
      );
      expect(player.state).toBe(state);
    });

    it.each([
      [403, 'access-denied', false],
      [404, 'request-rejected', false],
      [503, 'device-busy', true],
      [500, 'request-rejected', true],
      [504, 'request-timeout', true],
    ] as const)('understands the camera’s answer %i as %s', (status, reason, retryable) => {
      const player = new MachineDriver().send('start', 'surface-ready', 'module-ready');
      player.send('service-started', 'start-pull', 'stream-started', { type: 'parsed', status });
      expect(player.state.stream).toMatchObject({
        kind: 'StreamHttpStatusError',
        error: { reason, retryable, status },
      });
      expect(player.state.recovery.kind).toBe(retryable ? 'scheduled' : 'failed');
    });
  });

  describe('stopped, blocked and closed', () => {
    it('stops stream and connection and keeps the surface with its last picture', () => {
      const player = new MachineDriver().play().send('stop');
      expect(player.acts).toEqual(['stopStream', 'sinkStop', 'stopService']);
      expect(playerStatus(player.state)).toMatchObject({ kind: 'stopped', hasPicture: true });
      expect(player.send('start').acts).toEqual(['startService', 'sinkPlay']);
    });

    it('waits for a tap where the host does not play by itself', () => {
      const player = new MachineDriver().send('start', 'surface-ready', 'module-ready');
      player.send('service-started', 'start-pull', 'data', 'blocked');
      expect(player.acts).toEqual(['stopStream', 'sinkStop', 'stopService']);
      expect(playerStatus(player.state).kind).toBe('blocked');
      expect(player.send('start').acts).toEqual(['startService', 'sinkPlay']);
    });

    it('does not start anything for a result that comes after the stop', () => {
      const player = new MachineDriver().send('start', 'stop');
      expect(player.send('surface-ready', 'module-ready').acts).toEqual([]);
      expect(player.send('start').acts).toEqual(['startService', 'sinkPlay']);
    });

    it('releases everything when it closes', () => {
      const player = new MachineDriver().play().send('close');
      expect(player.acts).toEqual(['stopStream', 'sinkStop', 'stopService', 'closeSink']);
      expect(player.timersSet).toEqual({});
      const { state } = player;
      player.send('surface-ready', 'data', 'retry', { type: 'visible', visible: false });
      expect(player.state).toBe(state);
    });

    it('begins from nothing after it was closed', () => {
      const player = new MachineDriver().play().send('close', 'start');
      expect(player.acts).toEqual(['openSink', 'initModule']);
      expect(playerStatus(player.state).hasPicture).toBe(false);
    });
  });
});
