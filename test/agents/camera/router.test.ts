import fc from 'fast-check';
import { Audience } from '../../../agents/camera/audience';
import type { Capabilities } from '../../../agents/camera/capabilities';
import { Playbacks } from '../../../agents/camera/commands/playbacks';
import type { Quirk } from '../../../agents/camera/commands/quirks';
import { createUserCommands } from '../../../agents/camera/commands/user-commands';
import { featuresOf } from '../../../agents/camera/device-version';
import { Feedback } from '../../../agents/camera/feedback/feedback';
import { LiveStreams } from '../../../agents/camera/live-streams';
import type { LiveChannel } from '../../../agents/camera/live-streams';
import { Ptz } from '../../../agents/camera/ptz/ptz';
import { ptzConfigOf } from '../../../agents/camera/ptz/ptz-config';
import { createRouter } from '../../../agents/camera/router';
import { Talk } from '../../../agents/camera/talk/talk';
import { TalkFolder } from '../../../agents/camera/talk/talk-folder';
import type { IncomingRequest, RequestHandler } from '../../../services/p2p/http';
import { parseQuery } from '../../../services/p2p/http';
import { ManualClock } from '../manual-clock';
import { FakeResponse } from './fake-response';
import { FakeCard } from './lib/fake-card';

class FakeChannel implements LiveChannel {
  alive = true;
  mayHaveSound = true;
  hasPictures = true;
  readonly served: string[] = [];
  leave: (() => void) | null = null;
  watch(quality: string, _response: unknown, onLeft: () => void): void {
    this.served.push(`live ${quality}`);
    this.leave = onLeft;
  }
  listen(): void {
    this.served.push('sound');
  }
  watchPictures(): void {
    this.served.push('pictures');
  }
}

interface Setup {
  readonly maxViewers?: number;
  readonly pictureStream?: boolean;
  readonly version?: string;
  readonly quirks?: readonly Quirk[];
  readonly bare?: boolean;
}

const INNER = 'action=inner_define&channel=0&cmd=';
const USER = 'action=user_define&channel=0&cmd=';

describe('createRouter', () => {
  let clock: ManualClock;
  let channels: FakeChannel[];
  let card: FakeCard;
  let handle: RequestHandler;
  let errors: unknown[];

  /** A camera with two channels and all there is, or with one channel and nothing. */
  const start = (setup: Setup = {}): void => {
    const { maxViewers = 4, pictureStream = false, version = '2.4.0', quirks = [] } = setup;
    clock = new ManualClock();
    channels = [new FakeChannel(), new FakeChannel()].slice(0, setup.bare ? 1 : 2);
    card = new FakeCard();
    errors = [];
    const log = { warn: () => undefined, debug: () => undefined, info: () => undefined };
    const presets = { load: () => [], save: () => undefined };
    const ptz = channels.map(
      () => new Ptz({ config: ptzConfigOf(['pan', 'tilt']), clock, presets, log }),
    );
    const folder = new TalkFolder({ directory: '/dev/null/no', maxFiles: 1, maxBytes: 1, log });
    handle = createRouter({
      name: 'Door',
      channels: channels.length,
      features: featuresOf(version),
      live: new LiveStreams({ channels, audience: new Audience(maxViewers), pictureStream }),
      card: setup.bare ? null : card,
      playbacks: new Playbacks(1),
      talk: setup.bare ? null : new Talk({ clock, folder, player: null, maxMs: 60_000, log }),
      clock,
      capabilities: { name: 'Door' } as Capabilities,
      userCommands: createUserCommands(setup.bare ? [] : ptz, null),
      feedback: new Feedback(),
      quirks: new Set(quirks),
      onError: (error) => errors.push(error),
    });
  };
  beforeEach(() => start());

  const send = (
    target: string,
    {
      method = 'GET',
      viewer = 1,
      headers = {},
    }: {
      method?: string;
      viewer?: number;
      headers?: Record<string, string>;
    } = {},
  ): { response: FakeResponse; request: IncomingRequest } => {
    const [path = '', query = ''] = target.split('?');
    const request: IncomingRequest = {
      method,
      path,
      query: parseQuery(query) ?? {},
      headers,
      peerKey: new Uint8Array(32).fill(viewer),
      onData: null,
      onEnd: null,
    };
    const response = new FakeResponse();
    handle(request, response);
    return { response, request };
  };
  /** Commands answer within a few turns. */
  const ask = async (target: string, viewer = 1, method = 'GET'): Promise<FakeResponse> => {
    const { response } = send(target, { viewer, method });
    for (let i = 0; i < 20 && !response.ended; i++) await Promise.resolve();
    return response;
  };
  const command = async (query: string, viewer = 1): Promise<unknown> => {
    const response = await ask(`/command?${query}`, viewer);
    return response.status === 200 ? JSON.parse(response.text) : [response.status, response.text];
  };
  const json = (value: object): string => encodeURIComponent(JSON.stringify(value));

  describe('streams', () => {
    it.each([
      ['action=live&channel=0&quality=standard', 0, 'live standard'],
      ['action=live', 0, 'live high'],
      ['action=live&channel=1&quality=super&_crypto=off', 1, 'live super'],
      ['action=live-audio&channel=1', 1, 'sound'],
      ['action=live-mjpg', 0, 'pictures'],
    ])('serves %s', (query, channel, served) => {
      send(`/ipc.flv?${query}`);
      expect(channels[channel]!.served).toEqual([served]);
    });

    it.each([
      ['/ipc.flv', 404, 'there is no stream ""'],
      ['/ipc.flv?action=playback-mjpg', 404, 'there is no stream "playback-mjpg"'],
      ['/ipc.flv?action=live&channel=2', 404, 'there is no channel 2'],
      ['/ipc.flv?action=live&channel=-1', 404, 'there is no channel -1'],
      ['/ipc.flv?action=live&quality=undefined', 404, 'there is no quality "undefined"'],
      ['/ipc.flv?action=playback', 400, 'start_time is missing'],
      ['/ipc.flv?action=playback&start_time=5&end_time=9', 400, 'end_time must be at least 5 s'],
      ['/ipc.flv?action=playback&start_time=1e3&end_time=9', 400, 'start_time must be a whole'],
      ['/file?channel=0', 400, 'file_name is missing'],
      ['/file?file_name=a&offset=-1', 400, 'offset must be a whole number'],
      ['/voice', 405, '/voice takes POST'],
      ['/nothing', 404, 'there is no /nothing'],
      ['/__proto__', 404, 'there is no /__proto__'],
      ['/constructor', 404, 'there is no /constructor'],
    ])('refuses %s with %s', async (target, status, text) => {
      const response = await ask(target);
      expect([response.status, response.text]).toEqual([status, expect.stringContaining(text)]);
      expect(channels.flatMap(({ served }) => served)).toEqual([]);
    });

    it('answers 405 and says what it takes', async () => {
      const response = await ask('/ipc.flv?action=live', 1, 'POST');
      expect([response.status, response.headers['allow']]).toEqual([405, 'GET']);
    });

    it('answers 503 to a viewer too many, until one leaves', async () => {
      start({ maxViewers: 1 });
      send('/ipc.flv?action=live');
      const refused = await ask('/ipc.flv?action=live-audio&channel=1');
      expect([refused.status, refused.text]).toEqual([503, 'too many viewers, try later']);
      channels[0]!.leave!();
      send('/ipc.flv?action=live-audio&channel=1');
      expect(channels[1]!.served).toEqual(['sound']);
    });

    it('has pictures and sound only as a picture stream', async () => {
      start({ pictureStream: true });
      expect((await ask('/ipc.flv?action=live')).status).toBe(404);
      send('/ipc.flv?action=live-mjpg');
      expect(channels[0]!.served).toEqual(['pictures']);
    });

    it('plays back and hands files out', () => {
      send('/ipc.flv?action=playback-audio&channel=1&start_time=1000&end_time=1060');
      expect(card.played).toEqual([{ channel: 1, startS: 1_000, endS: 1_060, audioOnly: true }]);
      send('/file?channel=0&file_name=a%2Fb.flv&offset=7');
      expect(card.opened).toEqual([{ channel: 0, fileName: 'a/b.flv', offset: 7 }]);
    });
  });

  describe('get_device_st', () => {
    const state = async (query: string): Promise<unknown> =>
      command(`action=inner_define&cmd=get_device_st&${query}`);

    it.each([
      ['type=live&channel=0&quality=high', '0'],
      ['type=live', '0'],
      ['type=live-audio&channel=1', '0'],
      ['type=live-mjpg', '0'],
      ['type=playback', '0'],
      ['type=voice', '0'],
      ['type=live&channel=3', '404'],
      ['type=live&quality=best', '404'],
      ['', '404'],
      ['type=smell', '406'],
      ['type=playback-mjpg', '406'],
    ])('answers %s with %s', async (query, status) => {
      expect(await state(query)).toEqual([{ status, appConnectNum: '0' }]);
    });

    it('tells that it is full, and how many watch', async () => {
      start({ maxViewers: 1 });
      send('/ipc.flv?action=live');
      expect(await state('type=live')).toEqual([{ status: '405', appConnectNum: '1' }]);
    });

    it('tells that somebody talks', async () => {
      send('/voice', { method: 'POST', viewer: 2 });
      expect(await state('type=voice')).toEqual([{ status: '1', appConnectNum: '0' }]);
    });

    it('tells that something is broken', async () => {
      channels[0]!.alive = false;
      card.faulty = true;
      expect(await state('type=live')).toMatchObject([{ status: '407' }]);
      expect(await state('type=playback')).toMatchObject([{ status: '407' }]);
    });

    it('tells what it cannot do at all', async () => {
      start({ bare: true });
      channels[0]!.mayHaveSound = false;
      channels[0]!.hasPictures = false;
      for (const type of ['playback', 'voice', 'live-audio', 'live-mjpg']) {
        expect(await state(`type=${type}`)).toMatchObject([{ status: '406' }]);
      }
    });
  });

  describe('records and files', () => {
    const range = 'start_time=900&end_time=2000';

    it('lists them', async () => {
      expect(await command(`${INNER}get_month_record&time=202611`)).toEqual({
        video_list: '2147483649',
      });
      expect(await command(`${INNER}get_record_index&${range}`)).toEqual({
        video_list: [
          { type: '0', start_time: 1_000, end_time: 1_060 },
          { type: '1', start_time: 1_020, end_time: 1_028 },
        ],
      });
      expect(await command(`${INNER}get_file_list&${range}&file_type=0`)).toMatchObject({
        file_list: [{ file_name: 'a.flv', file_size: 9 }],
      });
    });

    it.each([
      ['get_month_record', 'time is missing'],
      ['get_month_record&time=202613', 'time must be a month'],
      ['get_month_record&time=2026-1', 'time must be a month'],
      ['get_record_index', 'start_time is missing'],
      ['get_record_index&start_time=5', 'end_time is missing'],
      ['get_record_index&start_time=5&end_time=5', 'end_time must be at least'],
      ['get_record_index&start_time=5&end_time=99999999999', 'end_time must be a whole number'],
      [`get_file_list&${range}&file_type=../x`, 'file_type must be a word'],
      ['fly', 'unknown command "fly"'],
      ['__proto__', 'unknown command "__proto__"'],
      ['', 'unknown command ""'],
    ])('refuses %s: %s', async (query, text) => {
      expect(await command(INNER + query)).toEqual([400, expect.stringContaining(text)]);
    });

    it('has none without a card', async () => {
      start({ bare: true });
      for (const cmd of ['get_month_record', 'get_record_index', 'playback_pause']) {
        expect(await command(INNER + cmd)).toEqual({ status: '406' });
      }
    });
  });

  describe('a playback', () => {
    beforeEach(() => send('/ipc.flv?action=playback&start_time=1000&end_time=1060'));

    it('does what its viewer says', async () => {
      const [playback] = card.playbacks;
      expect(await command(`${INNER}playback_progress`)).toEqual({ status: '0', progress: 1_234 });
      expect(await command(`${INNER}playback_pause`)).toEqual({ status: '0' });
      expect(playback!.paused).toBe(true);
      await command(`${INNER}playback_resume`);
      expect(playback!.paused).toBe(false);
      await command(`${INNER}playback_speed&speed=20`);
      await command(`${INNER}playback_ff&speed=4`);
      expect(playback!.calls).toEqual(['interval 20', 'step 4']);
    });

    it.each([
      ['progress=30000', { status: '0', progress: 29_960 }],
      ['time=1030', { status: '0', progress: 29_960 }],
      ['', [400, 'progress is missing']],
      ['progress=x', [400, expect.stringContaining('progress must be a whole number')]],
      ['progress=90000', [400, 'progress: it is beyond the end']],
      ['time=999', [400, expect.stringContaining('time must not be before')]],
    ])('seeks to %s', async (query, answer) => {
      expect(await command(`${INNER}playback_seek&${query}`)).toEqual(answer);
    });

    it.each([
      ['playback_speed', 'speed is missing'],
      ['playback_speed&speed=1001', 'speed must be a whole number from 0 to 1000'],
      ['playback_ff&speed=65', 'speed must be a whole number from 0 to 64'],
    ])('refuses %s', async (query, text) => {
      expect(await command(INNER + query)).toEqual([400, text]);
    });

    it('is the business of its viewer and channel alone, while it runs', async () => {
      const none = { status: '404' };
      expect(await command(`${INNER}playback_pause`, 2)).toEqual(none);
      expect(await command('action=inner_define&channel=1&cmd=playback_pause')).toEqual(none);
      card.playbacks[0]!.close();
      expect(await command(`${INNER}playback_pause`)).toEqual(none);
    });

    it('is one of so many', async () => {
      expect(await command(`${INNER}get_device_st&type=playback`)).toMatchObject([
        { status: '405' },
      ]);
    });

    it('counts as a viewer', async () => {
      expect(await command(`${INNER}get_device_st&type=live`)).toMatchObject([
        { appConnectNum: '1' },
      ]);
    });

    it('has one speed on a 2.3 device', async () => {
      start({ version: '2.3.5' });
      send('/ipc.flv?action=playback&start_time=1000&end_time=1060');
      expect(await command(`${INNER}playback_ff&speed=2`)).toEqual({ status: '406' });
      expect(await command(`${INNER}playback_pause`)).toEqual({ status: '0' });
    });
  });

  describe('get_nvr_list', () => {
    it('lists sub-devices in strings', async () => {
      expect(await command(`${INNER}get_nvr_list`)).toEqual([
        { DeviceName: 'Door_0', Channel: '0', Online: '1' },
        { DeviceName: 'Door_1', Channel: '1', Online: '1' },
      ]);
    });

    it('is empty for a camera, and unknown to 2.3', async () => {
      start({ bare: true });
      expect(await command(`${INNER}get_nvr_list`)).toEqual([]);
      start({ version: '2.3.0' });
      expect(await command(`${INNER}get_nvr_list`)).toEqual({ status: '406' });
    });
  });

  describe('user commands', () => {
    it('takes both dialects of PTZ', async () => {
      const up = json({ topic: 'ptz', data: { cmd: 'ptz_up_press' }, message_id: 'm1' });
      expect(await command(USER + up)).toMatchObject({
        ...{ topic: 'ptz', message_id: 'm1', status: '0', apex: 'no', moving: 'yes' },
      });
      expect(await command(`${USER}ptz_left`)).toMatchObject({ status: '0', apex: 'no' });
      clock.advance(1_000);
      expect(await command(`${USER}get_ptz_position`)).toMatchObject({ pan: -10, moving: 'no' });
    });

    it('says 406 for an axis, or a PTZ, that it lacks', async () => {
      expect(await command(`${USER}ptz_zoom_in`)).toMatchObject({ status: '406' });
      start({ bare: true });
      expect(await command(`${USER}ptz_left`)).toEqual({ status: '406' });
    });

    it('returns what it is sent to echo', async () => {
      const echo = json({ topic: 'echo', data: { a: [1] } });
      expect(await command(USER + echo)).toEqual({ topic: 'echo', status: '0', data: { a: [1] } });
    });

    it.each([
      ['', 400, 'cmd is missing'],
      ['dance', 404, 'there is no user command "dance"'],
      [json({ topic: 'dance' }), 404, 'there is no user command "dance"'],
      ['{"topic":"ptz","data":', 400, 'cmd is no valid JSON'],
      ['{}', 400, 'topic is missing in cmd'],
      [json({ topic: 'ptz', data: [] }), 400, 'data in cmd must be an object'],
      [json({ topic: 'ptz', data: {} }), 400, 'data.cmd is missing in cmd'],
      [json({ topic: 'ptz', data: { cmd: 'ptz_up_press', speed: 99 } }), 400, 'speed must be'],
    ])('refuses %s with %s', async (cmd, status, text) => {
      expect(await command(USER + cmd)).toEqual([status, expect.stringContaining(text)]);
    });
  });

  it.each([
    ['', [400, 'action is missing']],
    ['action=other', [400, 'unknown action "other"']],
    ['action=user_define&channel=9&cmd=x', [404, 'there is no channel 9']],
  ])('refuses the command "%s"', async (query, answer) => {
    expect(await command(query)).toEqual(answer);
  });

  it('answers as bad firmware does', async () => {
    start({ quirks: ['strings', 'nul', 'slow'] });
    send('/ipc.flv?action=playback&start_time=1000&end_time=1060');
    const response = await ask(`/command?${INNER}playback_progress`);
    expect(response.status).toBeNull();
    clock.advance(3_000);
    expect(response.text).toBe('{"status":"0","progress":"1234"}\0\0\0\0');
  });

  it('answers 500 and lives on when something breaks', async () => {
    card.records = () => {
      throw new Error('broken');
    };
    const refused = await command(`${INNER}get_record_index&start_time=1&end_time=9`);
    expect([refused, errors]).toEqual([[500, 'the camera made a mistake'], [new Error('broken')]]);
    expect((await ask('/capabilities')).status).toBe(200);
  });

  it('lives on whatever it is asked', async () => {
    const word = fc.oneof(
      fc.constantFrom('inner_define', 'user_define', 'get_device_st', 'playback_seek', 'live', '0'),
      fc.string(),
    );
    const names = fc.constantFrom('action', 'cmd', 'channel', 'type', 'progress', 'time', 'offset');
    const query = fc.array(fc.tuple(names, word), { maxLength: 6 });
    const path = fc.constantFrom('/command', '/ipc.flv', '/file', '/voice', '/capabilities', '/x');
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom('GET', 'POST'), query, async (at, method, pairs) => {
        const text = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
        const response = await ask(`${at}?${text}`, 1, method);
        if (response.status !== null) expect([200, 400, 404, 405, 503]).toContain(response.status);
        expect(errors).toEqual([]);
      }),
    );
  });
});
