import type { XP2PCommandResult } from '../../../../services/p2p/module';
import { deviceStateCommand, readDeviceState } from '../../../../services/player/device-state';
import { DEVICE, HIGH, PlayerWorld, settled } from '../player-world';

const answer = (data: string | ArrayBuffer): XP2PCommandResult => ({
  type: 'success',
  status: 200,
  data,
  errcode: 0,
  errmsg: '',
});

describe('reference §5.2, get_device_st before playing', () => {
  it('asks with type and quality', () => {
    expect(deviceStateCommand({ channel: 2, quality: 'super' })).toBe(
      'action=inner_define&channel=2&cmd=get_device_st&type=live&quality=super',
    );
  });

  it.each([
    [0, null, null],
    [1, 'device-occupied', true],
    [404, 'request-rejected', false],
    [405, 'device-busy', true],
    [406, 'request-rejected', false],
    [407, 'device-failed', true],
    [999, 'request-rejected', false],
  ] as const)('status %i is %s', (status, reason, retryable) => {
    const found = readDeviceState(answer(JSON.stringify([{ status, appConnectNum: '1' }])));
    if (reason === null) expect(found).toBeNull();
    else expect(found).toMatchObject({ code: -2801, reason, retryable, status });
  });

  it.each(['[{"status":"0"}]', '{"status":0}', '[{"status":0}]\0\0\n'])(
    'takes %j for 0',
    (data) => {
      expect(readDeviceState(answer(data))).toBeNull();
    },
  );

  it.each(['', '[]', 'null', '[{"status":"x"}]', '<html>', new ArrayBuffer(4)])(
    'does not take %p for an answer',
    (data) => {
      expect(readDeviceState(answer(data))).toMatchObject({ reason: 'request-rejected' });
    },
  );

  it.each([
    ['timeout', 0, 'request-timeout', true],
    ['error', 0, 'request-timeout', true],
    ['failure', 403, 'access-denied', false],
    ['failure', 404, 'request-rejected', false],
  ] as const)('a %s with %i is %s', (type, status, reason, retryable) => {
    const result: XP2PCommandResult = { ...answer(''), type, status };
    expect(readDeviceState(result)).toMatchObject({ reason, retryable });
  });

  it('is off by default: the stream is asked for at once', async () => {
    const world = new PlayerWorld();
    world.module.sendCommand = jest.fn(() => Promise.resolve(answer('[]')));
    await world.playing();
    expect(world.module.sendCommand).not.toHaveBeenCalled();
  });

  it('names a full camera and asks again later, without asking for the stream', async () => {
    const world = new PlayerWorld();
    let status = 405;
    world.module.sendCommand = () => Promise.resolve(answer(`[{"status":"${status}"}]`));
    const { player, store } = world.player({ checkStream: true });
    player.start({ device: DEVICE, stream: HIGH });
    await settled();
    world.module.service('door').resolve();
    await settled();
    expect(store.status).toMatchObject({ kind: 'reconnecting', text: 'error.device-busy.title' });
    expect(world.count('startStream')).toBe(0);
    status = 0;
    world.clock.runUntil(() => store.status.kind === 'loading', 2_000);
    await settled();
    expect(world.count('startStream')).toBe(1);
  });
});
