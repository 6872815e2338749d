import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Talk } from '../../../../agents/camera/talk/talk';
import type { TalkResult } from '../../../../agents/camera/talk/talk';
import { TalkFolder } from '../../../../agents/camera/talk/talk-folder';
import { parseTalkType, sniffTalk } from '../../../../agents/camera/talk/talk-format';
import { createTalkPlayer } from '../../../../agents/camera/talk/talk-player';
import type { TalkPlayer } from '../../../../agents/camera/talk/talk-player';
import { FlvReader } from '../../../../services/media/flv';
import type { IncomingRequest } from '../../../../services/p2p/http';
import { aacFrame, aacSequenceHeader, encodeFlv } from '../../../services/media/flv/flv-samples';
import { ManualClock } from '../../manual-clock';
import { FakeResponse } from '../fake-response';
import { fakePipes } from '../lib/fake-pipe';

const PCM = 'audio/pcm; rate=8000; bits=16; channels=1';

describe('Talk', () => {
  let clock: ManualClock;
  let directory: string;
  let talk: Talk;
  let warnings: string[];

  const start = (player: TalkPlayer | null = null, maxBytes = 1024 * 1024, maxFiles = 3): void => {
    clock = new ManualClock();
    warnings = [];
    const log = { warn: (text: string) => warnings.push(text), info: () => undefined };
    const folder = new TalkFolder({ directory, maxFiles, maxBytes, log });
    talk = new Talk({ clock, folder, player, maxMs: 60_000, log });
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'talk-'));
    start();
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const open = (
    contentType?: string,
  ): { request: IncomingRequest; response: FakeResponse; result: () => TalkResult } => {
    const request: IncomingRequest = {
      method: 'POST',
      path: '/voice',
      query: {},
      headers: contentType === undefined ? {} : { 'content-type': contentType },
      peerKey: new Uint8Array(32),
      onData: null,
      onEnd: null,
    };
    const response = new FakeResponse();
    talk.open(request, response);
    return { request, response, result: () => JSON.parse(response.text) as TalkResult };
  };
  const files = (): string[] => readdirSync(directory).sort();
  const read = (name: string): Buffer => readFileSync(join(directory, name));

  it('answers what it heard, and is free for the next one', () => {
    const { request, response, result } = open(PCM);
    expect(talk.isBusyFor('someone')).toBe(true);
    request.onData!(new Uint8Array(800));
    expect(response.status).toBeNull();
    request.onEnd!();
    expect([response.status, talk.isBusyFor('someone'), clock.pendingTimers]).toEqual([
      200,
      false,
      0,
    ]);
    expect(result()).toEqual({ bytes: 800, ms: 50, format: 'pcm', file: files()[0] });
  });

  it('keeps a WAV file that is right at any moment, however the sound is cut up', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 99 })), (pieces) => {
        const { request, result } = open('audio/pcm; rate=16000; channels=2');
        let sent = Buffer.alloc(0);
        for (const piece of pieces) {
          request.onData!(piece);
          sent = Buffer.concat([sent, piece]);
          const whole = sent.length - (sent.length % 4);
          const wav = read(files().at(-1)!);
          expect(wav.readUInt32LE(40)).toBe(whole);
          expect(wav.readUInt32LE(4)).toBe(whole + 36);
          expect(wav.subarray(44)).toEqual(sent.subarray(0, whole));
          expect([wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt32LE(28)]).toEqual([
            2, 16_000, 64_000,
          ]);
        }
        request.onEnd!();
        expect(result().bytes).toBe(sent.length);
      }),
    );
  });

  it('keeps FLV as whole tags from 0 on, with a header that tells what is in it', () => {
    const { request, result } = open();
    // Pushers write the time of day, and nothing into the header.
    const flv = encodeFlv(
      [aacSequenceHeader(4_000_000_000), aacFrame(4_000_000_000), aacFrame(4_000_000_064)],
      { hasAudio: false, hasVideo: false },
    );
    for (const byte of flv.subarray(0, -3)) request.onData!(Uint8Array.of(byte));
    request.onEnd!();
    const [file] = files();
    expect(file).toMatch(/\.flv$/);
    const { header, tags, error } = new FlvReader().push(read(file!));
    expect([header, error]).toEqual([{ hasAudio: true, hasVideo: false }, null]);
    expect(tags.map(({ timestampMs }) => timestampMs)).toEqual([0, 0, 64]);
    expect(result()).toMatchObject({ format: 'flv', ms: 64 });
  });

  it('refuses FLV that is none', () => {
    const { request, response } = open('video/x-flv');
    request.onData!(new TextEncoder().encode('hello'));
    expect([response.status, talk.isBusyFor('someone')]).toEqual([400, false]);
    expect(response.text).toContain('FLV');
  });

  it('leaves no file when nothing was said', () => {
    const { request, result } = open();
    request.onData!(Uint8Array.of(0x46));
    request.onEnd!();
    expect([result(), files()]).toEqual([{ bytes: 1, ms: 0, format: null, file: null }, []]);
  });

  it('takes one at a time', () => {
    const first = open(PCM);
    const second = open(PCM);
    expect([second.response.status, second.response.headers['content-type']]).toEqual([
      503,
      expect.stringContaining('json'),
    ]);
    first.response.onClose!();
    expect([talk.isBusyFor('someone'), open(PCM).response.status]).toEqual([false, null]);
  });

  it('frees the loudspeaker of who falls silent, or talks too long', () => {
    const silent = open(PCM);
    clock.advance(3_000);
    expect([silent.response.status, talk.isBusyFor('someone')]).toEqual([408, false]);
    const long = open(PCM);
    for (let s = 0; s < 60; s++) {
      long.request.onData?.(new Uint8Array(16));
      clock.advance(1_000);
    }
    expect([long.response.status, talk.isBusyFor('someone'), clock.pendingTimers]).toEqual([
      413,
      false,
      0,
    ]);
    long.request.onData?.(new Uint8Array(16));
    long.request.onEnd?.();
    expect(files()).toHaveLength(1);
  });

  it('keeps so many files, and removes the oldest', () => {
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    const made: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { request, result } = open(PCM);
      request.onData!(new Uint8Array(16));
      request.onEnd!();
      made.push(result().file!);
      clock.advance(1_000);
    }
    expect(files()).toEqual(['notes.txt', ...made.slice(2)]);
  });

  it('ends a file that is as long as it may be, with its head right, and goes on listening', () => {
    start(null, 4_000);
    const { request, result } = open(PCM);
    for (let i = 0; i < 10; i++) request.onData!(new Uint8Array(200));
    request.onEnd!();
    const wav = read(files()[0]!);
    expect(wav.length).toBeLessThanOrEqual(1_000);
    expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
    expect([result().bytes, warnings.length]).toEqual([2_000, 1]);
  });

  it('listens also where nothing can be written', () => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, '');
    const { request, response } = open(PCM);
    request.onData!(new Uint8Array(16));
    request.onEnd!();
    expect([response.status, warnings]).toEqual([200, [expect.stringContaining('cannot keep')]]);
  });

  it('plays what is said, and drops what a loudspeaker does not take', () => {
    const { pipes, startPipe } = fakePipes();
    const log = { warn: (text: string) => warnings.push(text), debug: () => undefined };
    start(createTalkPlayer({ device: 'default', log, platform: 'linux', startPipe }));
    const { request } = open(PCM);
    request.onData!(new Uint8Array(16));
    expect(pipes[0]!.args.join(' ')).toContain('-f s16le -ar 8000 -ac 1 -i pipe:0 -vn -f alsa');
    pipes[0]!.bufferedBytes = () => 100_000;
    request.onData!(new Uint8Array(16));
    request.onEnd!();
    expect([pipes[0]!.written.length, pipes[0]!.inputEnded]).toEqual([1, true]);
    pipes[0]!.events.onExit(1);
    expect(warnings).toEqual([expect.stringContaining('cannot be played on "default"')]);
    expect(() => createTalkPlayer({ device: '', log, platform: 'win32' })).toThrow('--play-talk');
  });

  it('tells the talker when the camera stops', () => {
    const { response } = open(PCM);
    talk.close();
    expect([response.status, talk.isBusyFor('someone')]).toEqual([503, false]);
  });
});

describe('parseTalkType', () => {
  it.each([
    [undefined, null],
    ['application/octet-stream', null],
    ['Video/X-FLV', { kind: 'flv' }],
    ['audio/pcm', { kind: 'pcm', rateHz: 8_000, channels: 1 }],
    ['audio/PCM;RATE="44100"; channels=2', { kind: 'pcm', rateHz: 44_100, channels: 2 }],
  ])('reads %s', (type, format) => {
    expect(parseTalkType(type)).toEqual(format);
  });

  it.each([
    ['audio/ogg', 415, 'content-type'],
    ['audio/pcm; rate=7999', 400, 'rate'],
    ['audio/pcm; rate=', 400, 'rate'],
    ['audio/pcm; bits=8', 400, 'bits'],
    ['audio/pcm; channels=3', 400, 'channels'],
  ])('refuses %s', (type, status, field) => {
    expect(() => parseTalkType(type)).toThrow(
      expect.objectContaining({ status, message: expect.stringContaining(field) as string }),
    );
  });
});

describe('sniffTalk', () => {
  it('needs three bytes of FLV, one of anything else', () => {
    expect(sniffTalk(Uint8Array.of(0x46, 0x4c))).toBeNull();
    expect(sniffTalk(Uint8Array.of(0x46, 0x4c, 0x56))).toEqual({ kind: 'flv' });
    expect(sniffTalk(Uint8Array.of(0))).toMatchObject({ kind: 'pcm', rateHz: 8_000 });
  });
});
