import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FlvReader, metadataTag } from '../../services/media/flv';
import { decodeComplaints, probe } from '../agents/camera/lib/ffprobe';
import { TAGS } from '../host/player-plugin';
import type { PlayerManners } from '../host/player-plugin';
import { Weapp } from '../host/weapp';
import { Demo } from './lib/demo';
import { ROOT } from './lib/program';

const HEARD = 'You are heard';
const HOLD = 'Hold to talk';
/** Of the pusher's tags: half a second. */
const SPEECH = 8;
const AVC_HEADER = Uint8Array.of(0x17, 0, 0, 0, 0, 1, 66, 0, 30, 0xff, 0xe0);

let demo: Demo;
const open: Weapp[] = [];

beforeAll(async () => {
  demo = await Demo.start(['--reply-after', '0']);
});

afterEach(() => {
  for (const weapp of open.splice(0)) weapp.close();
});

afterAll(async () => {
  await demo?.stop();
});

async function watch(manners?: PlayerManners): Promise<Weapp> {
  const weapp = Weapp.watch(demo.xp2pInfo, manners);
  open.push(weapp);
  await weapp.frames(5);
  await weapp.until('the button', () => weapp.page.text.includes(HOLD));
  return weapp;
}

const button = (weapp: Weapp) => weapp.page.findByClass('iot-talk__button')[0]!;
const press = (weapp: Weapp) => weapp.page.touch(button(weapp), 'start');

async function talk(manners?: PlayerManners): Promise<Weapp> {
  const weapp = await watch(manners);
  await talkAgain(weapp);
  return weapp;
}

async function talkAgain(weapp: Weapp): Promise<void> {
  press(weapp);
  await weapp.until('the talk', () => weapp.page.text.includes(HEARD));
  const pusher = weapp.latestPusher;
  const before = pusher.frames;
  await weapp.until('sound', () => pusher.frames >= before + SPEECH);
}

async function letGo(weapp: Weapp): Promise<void> {
  weapp.page.touch(button(weapp), 'end');
  await weapp.until('the end', () => weapp.page.text.includes(HOLD));
}

/** The file of the newest talk. */
function latestTalk(): string {
  const names = readdirSync(demo.talkFolder).sort();
  return path.join(demo.talkFolder, names[names.length - 1]!);
}

describe('the template that was built for WeChat', () => {
  const template = readFileSync(path.join(ROOT, 'dist/weapp/base.wxml'), 'utf8');
  /** What Taro writes on every element. */
  const taro = ['class', 'style', 'id', 'ref', 'data-sid'];

  it.each(Object.keys(TAGS))(
    'gives <%s> what it takes, and binds every event that it fires',
    (tag) => {
      const element = new RegExp(`<${tag} [^>]*>`).exec(template)?.[0] ?? '';
      const names = [...element.matchAll(/ ([\w:-]+)="/g)].map((match) => match[1]!);
      const bound = names.filter((name) => /^bind(?!:)/.test(name)).map((name) => name.slice(4));
      const set = names.filter((name) => !name.startsWith('bind') && !taro.includes(name));
      const { properties, events } = TAGS[tag]!;
      expect(set.filter((name) => !properties.includes(name))).toEqual([]);
      expect(events.filter((name) => !bound.includes(name))).toEqual([]);
      expect(bound.filter((name) => !events.includes(name))).toEqual([]);
    },
  );
});

describe('talking by WeChat’s pusher', () => {
  it('makes a tag for the first talk only, and brings what it sends to the camera', async () => {
    // The framework warns of values that a property does not take.
    const warn = jest.spyOn(console, 'warn');
    const weapp = await watch();
    expect(weapp.player.pushers).toEqual([]);
    await talkAgain(weapp);
    expect(warn.mock.calls).toEqual([]);
    warn.mockRestore();
    const pusher = weapp.latestPusher;
    expect(pusher.properties).toMatchObject({
      mode: 'RTC',
      enableCamera: false,
      enableMic: true,
      enableAgc: true,
      enableAns: true,
      audioQuality: 'low',
      minBitrate: 100,
      maxBitrate: 200,
      ignoreEmptyAudioTag: true,
    });
    await letGo(weapp);
    expect([pusher.starts, pusher.stops, pusher.isPushing]).toEqual([1, 1, false]);
    const file = latestTalk();
    expect(path.extname(file)).toBe('.flv');
    const args = ['-v', 'error', '-show_entries', 'stream=codec_name,sample_rate,channels'];
    const probe = spawnSync('ffprobe', [...args, '-count_packets', '-of', 'json', file]);
    expect(probe.stderr.toString()).toBe('');
    expect(JSON.parse(probe.stdout.toString())).toMatchObject({
      streams: [{ codec_name: 'aac', sample_rate: '16000', channels: 1 }],
    });
    const decode = spawnSync('ffmpeg', ['-v', 'error', '-i', file, '-f', 'null', '-']);
    expect([decode.status, decode.stderr.toString()]).toEqual([0, '']);

    await talkAgain(weapp);
    expect(weapp.player.pushers).toHaveLength(1);
    expect(pusher.starts).toBe(2);
    weapp.app.back();
    await weapp.until('silence', () => pusher.isGone && !pusher.isPushing);
    await weapp.until('the end of all', () => weapp.wx.open().udpSockets === 0);
    expect(weapp.app.sandbox.openTimers).toEqual({ timeouts: 0, intervals: 0 });
    expect(weapp.app.errors).toEqual([]);
  });

  it('sends picture and sound in a call, in place of a talk’s pusher', async () => {
    const weapp = await talk();
    await letGo(weapp);
    const talkPusher = weapp.latestPusher;
    const { page } = weapp;
    /** Of the buttons that are there, in their order. */
    const tap = (at: number): void => page.tap(page.findByClass('iot-call__button')[at]!);
    await weapp.until('the call button', () => page.text.includes('Video call'));
    tap(1);
    await weapp.until('the call', () => page.text.includes('You hear each other'));
    const pusher = weapp.latestPusher;
    // A page has one native pusher.
    expect([talkPusher.isGone, pusher.isGone, pusher.previews]).toEqual([true, false, 1]);
    expect(pusher.properties).toMatchObject({ enableCamera: true, fps: 15, maxBitrate: 600 });
    await weapp.until('the buttons', () => page.text.includes('Other camera'));
    tap(0);
    tap(1);
    expect([pusher.micVolume, pusher.switches]).toEqual([0, 1]);
    const before = pusher.frames;
    await weapp.until('sound', () => pusher.frames >= before + SPEECH);
    tap(2);
    await weapp.until('the end', () => page.text.includes('The call has ended'));
    await weapp.until('darkness', () => pusher.isGone && !pusher.isPushing);
    const file = latestTalk();
    const { streams } = probe(file);
    expect(streams.map(({ codec_name }) => codec_name).sort()).toEqual(['aac', 'h264']);
    expect(decodeComplaints(file)).toBe('');
    expect(weapp.app.errors).toEqual([]);
  });

  it('starts when the pusher is ready after the camera', async () => {
    const weapp = await talk({ pusherReadyAfterMs: 1_500 });
    await letGo(weapp);
    expect(weapp.latestPusher.starts).toBe(1);
  });

  it('starts nothing when the finger left before the pusher was ready', async () => {
    const weapp = await watch({ pusherReadyAfterMs: 1_000 });
    press(weapp);
    await weapp.until('a pusher', () => weapp.player.pushers.length === 1);
    await letGo(weapp);
    weapp.latestPusher.ready();
    await talkAgain(weapp);
    expect(weapp.latestPusher.starts).toBe(1);
    await letGo(weapp);
  });

  it('sends tags of all types', async () => {
    const weapp = await talk();
    const pusher = weapp.latestPusher;
    const { data } = metadataTag({ width: 64, height: 48 });
    pusher.fireTag('pusherFlvDataTag', data);
    pusher.fireTag('pusherFlvVideoTag', AVC_HEADER);
    const before = pusher.frames;
    await weapp.until('more sound', () => pusher.frames > before + 2);
    await letGo(weapp);
    const { tags } = new FlvReader().push(readFileSync(latestTalk()));
    const types = new Set(tags.map(({ type }) => type));
    expect([...types].sort()).toEqual(['audio', 'script', 'video']);
  });

  it.each([
    ['pusherClose', { error: { code: 'LIVE_PUSHER_CLOSED' } }, 'took the microphone'],
    ['pusherError', { error: { code: 'CREATE_FAILED' } }, 'microphone cannot be used'],
    ['error', { errCode: 10002, errMsg: 'denied' }, 'microphone cannot be used'],
    ['error', { errMsg: 'system permission denied' }, 'may not use the microphone'],
    ['statechange', { code: -1307, message: 'given up' }, 'microphone cannot be used'],
  ] as const)(
    'ends at %s %j, says why, and talks again by a new tag',
    async (name, detail, says) => {
      const weapp = await talk();
      const failed = weapp.latestPusher;
      failed.fire(name, detail);
      await weapp.until(says, () => weapp.page.text.includes(says));
      expect(failed.isPushing).toBe(false);
      weapp.page.touch(button(weapp), 'end');
      await talkAgain(weapp);
      expect(weapp.latestPusher).not.toBe(failed);
      expect(weapp.player.rtmpResets).toBe(0);
      await letGo(weapp);
    },
  );

  it.each([
    ['pusherError', { error: { code: 'WECHAT_SERVER_ERROR' } }],
    ['statechange', { code: 3002, message: 'no RTMP server' }],
  ] as const)('restarts the local server before the talk after %s %j', async (name, detail) => {
    const weapp = await talk();
    weapp.latestPusher.fire(name, detail);
    await weapp.until('the text', () => weapp.page.text.includes('The system has closed'));
    expect(weapp.player.rtmpResets).toBe(0);
    weapp.page.touch(button(weapp), 'end');
    await talkAgain(weapp);
    expect([weapp.player.rtmpResets, weapp.player.pushers.length]).toEqual([1, 2]);
    await letGo(weapp);
  });

  it('goes on after errors that mean nothing', async () => {
    const weapp = await talk();
    for (const errCode of [10001, 10003, 10004]) weapp.latestPusher.fire('error', { errCode });
    weapp.latestPusher.fire('netstatus', { info: { audioBitrate: 20 } });
    const before = weapp.latestPusher.frames;
    await weapp.until('more sound', () => weapp.latestPusher.frames > before + 2);
    expect(weapp.page.text).toContain(HEARD);
    await letGo(weapp);
  });

  it('says that the microphone is denied although the dialogue has hidden the page', async () => {
    const weapp = await talk();
    weapp.app.hide();
    await weapp.until('the end', () => !weapp.latestPusher.isPushing);
    weapp.latestPusher.fire('error', { errMsg: 'system permission denied' });
    weapp.app.show();
    const says = 'may not use the microphone';
    await weapp.until('the text', () => weapp.page.text.includes(says));
  });

  it('tells the second talker that the camera is busy', async () => {
    const first = await talk();
    const second = await watch();
    press(second);
    await second.until('the text', () => /somebody else talks/i.test(second.page.text));
    await letGo(first);
    second.page.touch(button(second), 'end');
    await talkAgain(second);
    await letGo(second);
  });

  it('says so when the app has no pusher', async () => {
    const weapp = await watch({ pusherReadyAfterMs: null });
    press(weapp);
    await weapp.until('the text', () => weapp.page.text.includes('player cannot be loaded'));
  });
});

describe('a tag that only a page registers', () => {
  it('works, for the picture and the talk', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'weapp-'));
    cpSync(path.join(ROOT, 'dist/weapp'), folder, { recursive: true });
    const edit = (name: string, change: (json: Record<string, unknown>) => void): void => {
      const file = path.join(folder, `${name}.json`);
      const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      change(json);
      writeFileSync(file, JSON.stringify(json));
    };
    let tags: unknown;
    edit('app', (json) => {
      tags = json['usingComponents'];
      delete json['usingComponents'];
    });
    expect(Object.keys(tags as object)).toEqual(expect.arrayContaining(Object.keys(TAGS)));
    edit('pages/live/index', (json) => {
      json['usingComponents'] = { ...(json['usingComponents'] as object), ...(tags as object) };
    });
    const weapp = new Weapp({}, folder);
    open.push(weapp);
    weapp.app.launch(`/pages/live/index?xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}`);
    await weapp.frames(5);
    await weapp.until('the button', () => weapp.page.text.includes(HOLD));
    await talkAgain(weapp);
    await letGo(weapp);
    rmSync(folder, { recursive: true });
  });
});
