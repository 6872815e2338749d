import fc from 'fast-check';
import {
  CommandLine,
  deviceStatus,
  fieldOf,
  innerCommand,
  plainCommand,
  queryCapabilities,
  readAnswer,
  readFlag,
  readNumber,
  userCommand,
} from '../../../services/commands';
import { DeviceSessions } from '../../../services/device';
import type { XP2PCommandOptions, XP2PCommandResult } from '../../../services/p2p/module';
import { parseQuery } from '../../../services/p2p/http';
import { safeQuery } from '../../../services/p2p/module/query';
import { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule, iotError } from '../../standins/fake-p2p-module';

const result = (
  data: string | ArrayBuffer,
  type: XP2PCommandResult['type'] = 'success',
  status = 200,
): XP2PCommandResult => ({ type, status, data, errcode: 0, errmsg: '' });

const queryOf = (command: string) => parseQuery(safeQuery(command));

describe('innerCommand and plainCommand', () => {
  it('name action, channel and command before the parameters', () => {
    expect(innerCommand('get_device_st', { type: 'voice' }, 2)).toBe(
      'action=inner_define&channel=2&cmd=get_device_st&type=voice',
    );
    expect(plainCommand('ptz_left', { speed: 3 })).toBe(
      'action=user_define&channel=0&cmd=ptz_left&speed=3',
    );
  });

  it('bring any value to the camera unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(queryOf(innerCommand('x', { value }))?.['value']).toBe(value);
      }),
    );
  });
});

describe('userCommand', () => {
  it('leaves JSON readable for firmware that does not decode it', () => {
    expect(userCommand({ topic: 'ptz', data: { cmd: 'ptz_up_press' }, messageId: 7 })).toBe(
      'action=user_define&channel=0&cmd={"topic":"ptz","data":{"cmd":"ptz_up_press"},"message_id":7}',
    );
  });

  it('brings any text to the camera unchanged, & # % and + too', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('&', '#', '%41', 'a+b')),
        (name) => {
          const cmd = queryOf(userCommand({ topic: 't', data: { name } }))?.['cmd'];
          expect(JSON.parse(cmd!)).toEqual({ topic: 't', data: { name } });
        },
      ),
    );
  });
});

describe('readAnswer', () => {
  it('reads JSON with trailing NULs, and status as number or text, of an object or a list', () => {
    expect(readAnswer(result('{"status":"0"}\0\0'))).toMatchObject({ kind: 'answer', status: 0 });
    expect(readAnswer(result('[{"status":405}]'))).toMatchObject({ kind: 'answer', status: 405 });
    expect(readAnswer(result('[]'))).toMatchObject({ kind: 'answer', status: null });
    const bytes = new Uint8Array([...'{"status":1}\0'].map((c) => c.charCodeAt(0))).buffer;
    expect(readAnswer(result(bytes))).toMatchObject({ kind: 'answer', status: 1 });
  });

  it('tells nonsense, refusal and silence apart', () => {
    expect(readAnswer(result('{"sta'))).toEqual({ kind: 'malformed', text: '{"sta' });
    expect(readAnswer(result('no such command', 'failure', 404))).toEqual({
      kind: 'refused',
      httpStatus: 404,
      text: 'no such command',
    });
    expect(readAnswer(result('', 'timeout', 0))).toEqual({ kind: 'no-answer', reason: 'timeout' });
    expect(readAnswer(result('', 'error', 0)).kind).toBe('no-answer');
  });

  it('never throws, whatever a camera sends', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const answer = readAnswer(result(text));
        expect(['answer', 'malformed']).toContain(answer.kind);
      }),
    );
  });
});

describe('the readers of fields', () => {
  it('take numbers as text, and nothing for a number that is none', () => {
    expect([readNumber('12'), readNumber(-1.5), readNumber(''), readNumber('x')]).toEqual([
      12,
      -1.5,
      null,
      null,
    ]);
    expect([readNumber(null), readNumber(NaN), readNumber([])]).toEqual([null, null, null]);
    expect(['yes', '1', 1, true, 'TRUE'].map(readFlag)).toEqual(Array(5).fill(true));
    expect(['no', 0, undefined, ''].map(readFlag)).toEqual(Array(4).fill(false));
  });

  it('find no field that an answer inherits', () => {
    expect(fieldOf({}, 'toString')).toBeUndefined();
    expect(fieldOf(null, 'x')).toBeUndefined();
    expect(fieldOf([{ x: 1 }], 'x')).toBe(1);
  });

  it('name the statuses', () => {
    expect([0, 1, 404, 405, 406, 407, 9, null].map(deviceStatus)).toEqual([
      'ok',
      'busy',
      'bad-request',
      'too-many-viewers',
      'unsupported',
      'device-error',
      'unknown',
      'unknown',
    ]);
  });
});

class AnsweringModule extends FakeP2PModule {
  readonly sent: string[] = [];
  answer: (command: string) => Promise<XP2PCommandResult> = () =>
    Promise.resolve(result('{"status":"0"}'));

  override startP2PService(...args: Parameters<FakeP2PModule['startP2PService']>): Promise<number> {
    const starting = super.startP2PService(...args);
    this.service(args[0]).resolve();
    return starting;
  }

  override sendCommand(
    _id = '',
    command = '',
    _options: XP2PCommandOptions = {},
  ): Promise<XP2PCommandResult> {
    this.sent.push(command);
    return this.answer(command);
  }
}

function setUp() {
  const module = new AnsweringModule();
  const clock = new VirtualClock();
  const appParams = { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' };
  const sessions = new DeviceSessions({ module, appParams });
  const device = { id: 'door', xp2pInfo: 'XP2Pdoor%2.4.0' };
  const lost: string[] = [];
  const onLost = ({ reason }: { reason: string }) => lost.push(reason);
  const line = new CommandLine({ sessions, clock, device, onLost });
  return { module, clock, line, lost };
}

describe('CommandLine', () => {
  it('connects once, counts message_id, and gives the connection back when unused', async () => {
    const { module, clock, line } = setUp();
    await Promise.all([line.sendUser('a', {}, 100), line.sendUser('a', {}, 100)]);
    expect(module.sent.map((command) => /"message_id":(\d+)/.exec(command)?.[1])).toEqual([
      '1',
      '2',
    ]);
    clock.advance(4_999);
    expect(module.calls).toEqual(['init', 'startP2PService door']);
    clock.advance(1);
    expect(module.calls.at(-1)).toBe('stopP2PService door');
    await line.send('x', 100);
    expect(module.calls.filter((call) => call.startsWith('start'))).toHaveLength(2);
  });

  it('tells of the loss of the connection, and connects anew for the next command', async () => {
    const { module, line, lost } = setUp();
    await line.send('x', 100);
    module.disconnect('door', iotError('peer-offline'));
    expect(lost).toEqual(['peer-offline']);
    await line.send('x', 100);
    expect(module.sent).toHaveLength(2);
  });

  it('rejects where there is no connection to be had, and tries again next time', async () => {
    const { module, line } = setUp();
    module.initResult = () => Promise.reject(iotError('relay-unreachable'));
    await expect(line.send('x', 100)).rejects.toMatchObject({ reason: 'relay-unreachable' });
    module.initResult = () => Promise.resolve(0);
    await expect(line.send('x', 100)).resolves.toMatchObject({ kind: 'answer' });
  });
});

describe('queryCapabilities', () => {
  it('reads what a camera offers, numbers as text as well', async () => {
    const { module, line } = setUp();
    const ptz = { directions: ['up', 'zoom_in', 7], maxPresets: '16', safetyMs: 10_000 };
    const talk = { codecs: ['pcm', 'opus'], rates: ['8000', 16_000], duplex: true };
    module.answer = () => Promise.resolve(result(JSON.stringify({ ptz, talk })));
    expect(await queryCapabilities(line)).toEqual({
      ptz: {
        directions: ['up', 'zoom_in'],
        maxPresets: 16,
        home: true,
        speed: true,
        safetyMs: 10_000,
      },
      talk: { codecs: ['pcm'], rates: [8_000, 16_000], duplex: true },
      call: null,
    });
  });

  it('tells a camera without PTZ from one that does not know the question', async () => {
    const { module, line } = setUp();
    module.answer = () => Promise.resolve(result('{"ptz":null,"talk":null}'));
    expect(await queryCapabilities(line)).toEqual({ ptz: null, talk: null, call: null });
    for (const answer of ['{"status":"404"}', '{', '[]', '{}']) {
      module.answer = () => Promise.resolve(result(answer));
      expect(await queryCapabilities(line)).toBeNull();
    }
    module.answer = () => Promise.resolve(result('unknown command', 'failure', 400));
    expect(await queryCapabilities(line)).toBeNull();
  });
});
