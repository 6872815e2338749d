import fc from 'fast-check';
import { DeviceSessions } from '../../../services/device';
import type { DeviceLeaseEvents, DeviceStreamEvents } from '../../../services/device';
import { encodeFlvHeader, encodeFlvTag, FlvReader } from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import { FakeP2PModule } from '../../standins/fake-p2p-module';

const appParams = { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' };
const device = { id: 'door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const HIGH = 'action=live&channel=0&quality=high';
const STANDARD = 'action=live&channel=0&quality=standard';

const tag = (type: FlvTag['type'], timestampMs: number, ...data: readonly number[]): FlvTag => ({
  type,
  timestampMs,
  data: Uint8Array.from(data),
});
const setUp = (level = 30) => tag('video', 0, 0x17, 0, 0, 0, 0, 1, 66, 0, level, 3, 0);
const sound = (ms: number) => tag('audio', ms, 0xaf, 1, 9);
const key = (ms: number) => tag('video', ms, 0x17, 1, 0, 0, 0, 7);
const inter = (ms: number) => tag('video', ms, 0x27, 1, 0, 0, 0, 8);
const lineOf = ({ type, timestampMs, data }: FlvTag) => `${type} ${timestampMs} ${data.join('.')}`;

const bytesOf = (...tags: readonly FlvTag[]) =>
  Uint8Array.from(tags.flatMap((each) => [...encodeFlvTag(each)]));
const header = encodeFlvHeader({ hasAudio: true, hasVideo: true });

/** A holder that reads what it gets as a demuxer would. */
function viewer(sessions: DeviceSessions) {
  const reader = new FlvReader();
  const seen: string[] = [];
  const failures: string[] = [];
  const leaseEvents = { onPath: jest.fn(), onDisconnect: jest.fn(), onStreamFree: jest.fn() };
  const lease = sessions.acquire(device, leaseEvents satisfies DeviceLeaseEvents);
  const chunks: ArrayBuffer[] = [];
  const events: DeviceStreamEvents = {
    onRequest: () => seen.push('request'),
    onParsed: (status) => seen.push(`parsed ${status}`),
    onData: (chunk) => {
      chunks.push(chunk);
      const { header: head, tags, error } = reader.push(new Uint8Array(chunk));
      if (error) throw error;
      if (head) seen.push('header');
      seen.push(...tags.map(lineOf));
    },
    onEnd: () => seen.push('end'),
    onFail: ({ reason }) => failures.push(reason),
  };
  return { lease, events, seen, failures, chunks, leaseEvents };
}

async function watched() {
  const module = new FakeP2PModule();
  const sessions = new DeviceSessions({ module, appParams });
  await sessions.init();
  const first = viewer(sessions);
  void first.lease.connect(HIGH);
  await first.lease.startStream(HIGH, first.events);
  const push = (bytes: Uint8Array) => module.data('door', bytes.slice().buffer);
  return { module, sessions, first, push };
}

describe('streams of one connection', () => {
  it('are pulled once for all who want the same one', async () => {
    const { module, sessions, first, push } = await watched();
    const second = viewer(sessions);
    await second.lease.startStream(HIGH, second.events);
    module.notify('door', 'request');
    module.notify('door', 'parsed', { status: 200 });
    push(header);
    push(bytesOf(setUp(), key(0)));
    expect(module.calls.filter((call) => call.startsWith('startStream'))).toHaveLength(1);
    expect(second.seen).toEqual(first.seen);
    expect(second.seen).toEqual([
      'request',
      'parsed 200',
      'header',
      lineOf(setUp()),
      lineOf(key(0)),
    ]);
    // A chunk belongs to who gets it.
    expect(second.chunks[0]).not.toBe(first.chunks[0]);
  });

  it('give a late comer the header and all since the latest keyframe at once', async () => {
    const { module, sessions, push } = await watched();
    module.notify('door', 'parsed', { status: 200 });
    push(header);
    push(bytesOf(setUp(), key(0), inter(40), key(80), inter(120), sound(125)));
    const late = viewer(sessions);
    await late.lease.startStream(HIGH, late.events);
    expect(late.seen).toEqual([
      'parsed 200',
      'header',
      `video 80 ${setUp().data.join('.')}`,
      lineOf(key(80)),
      lineOf(inter(120)),
      lineOf(sound(125)),
    ]);
    push(bytesOf(inter(160)));
    expect(late.seen[late.seen.length - 1]).toBe(lineOf(inter(160)));
  });

  it('give a late comer whole tags wherever it joins and however the bytes are cut', async () => {
    const tags = [setUp(), key(0), sound(5), inter(40), key(80), inter(120), sound(130), key(160)];
    const whole = [...header, ...bytesOf(...tags)];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
        fc.nat(11),
        async (sizes, joinAt) => {
          const { sessions, first, push } = await watched();
          const late = viewer(sessions);
          let at = 0;
          for (const [index, size] of [...sizes, whole.length].entries()) {
            if (index === joinAt) await late.lease.startStream(HIGH, late.events);
            push(Uint8Array.from(whole.slice(at, at + size)));
            at += size;
          }
          expect(first.seen).toEqual(['header', ...tags.map(lineOf)]);
          if (late.seen.length === 0) return;
          const media = late.seen.filter((line) => !line.includes('0.0.0.0.1.66'));
          expect(media[0]).toBe('header');
          // An unbroken end of what the first one got, from a keyframe on.
          const rest = media.slice(1);
          const expected = tags.slice(1).map(lineOf);
          expect(expected.slice(expected.length - rest.length)).toEqual(rest);
          if (rest.length > 0) expect(rest[0]).toMatch(/^video \d+ 23\.1\./);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('make a late comer wait for a keyframe where none is kept', async () => {
    const { sessions, push } = await watched();
    push(header);
    push(bytesOf(setUp(), inter(0)));
    const late = viewer(sessions);
    await late.lease.startStream(HIGH, late.events);
    push(bytesOf(inter(40), sound(45), setUp(31), key(80), inter(120)));
    expect(late.seen).toEqual([
      'header',
      lineOf(setUp()),
      lineOf(setUp(31)),
      lineOf(key(80)),
      lineOf(inter(120)),
    ]);
  });

  it('do not keep a group of pictures without end', async () => {
    const { sessions, push } = await watched();
    push(header);
    push(bytesOf(setUp(), key(0)));
    for (let i = 1; i < 4_200; i++) push(bytesOf(inter(i)));
    const late = viewer(sessions);
    await late.lease.startStream(HIGH, late.events);
    expect(late.seen).toEqual(['header', lineOf(setUp())]);
  });

  it('are passed on as they come where they are no FLV', async () => {
    const { sessions, push, first } = await watched();
    const chunks: number[] = [];
    const second = viewer(sessions);
    const events = {
      ...second.events,
      onData: (data: ArrayBuffer) => chunks.push(data.byteLength),
    };
    await first.lease.startStream(HIGH, { ...first.events, onData: () => undefined });
    push(new TextEncoder().encode('--frame\r\n'));
    await second.lease.startStream(HIGH, events);
    push(new Uint8Array(77));
    expect(chunks).toEqual([77]);
  });

  it('go on for the others when one leaves, and end with the last', async () => {
    const { module, sessions, first, push } = await watched();
    const second = viewer(sessions);
    await second.lease.startStream(HIGH, second.events);
    first.lease.release();
    expect(module.calls).not.toContain('stopStream door');
    push(header);
    expect(second.seen).toEqual(['header']);
    expect(first.seen).toEqual([]);
    second.lease.stopStream();
    expect(module.calls).toContain('stopStream door');
  });

  it('tell all of their end', async () => {
    const { module, sessions, first } = await watched();
    const second = viewer(sessions);
    await second.lease.startStream(HIGH, second.events);
    module.notify('door', 'fail', { status: 200, type: 'reset' });
    expect([first.failures, second.failures]).toEqual([['connection-lost'], ['connection-lost']]);
  });

  it('are refused with other parameters, and that is told when it is over', async () => {
    const { sessions, first } = await watched();
    const second = viewer(sessions);
    await expect(second.lease.startStream(STANDARD, second.events)).rejects.toMatchObject({
      code: -2401,
      reason: 'stream-exists',
      retryable: false,
    });
    expect(second.leaseEvents.onStreamFree).not.toHaveBeenCalled();
    first.lease.stopStream();
    expect(second.leaseEvents.onStreamFree).toHaveBeenCalledTimes(1);
    expect(first.leaseEvents.onStreamFree).not.toHaveBeenCalled();
    await expect(second.lease.startStream(STANDARD, second.events)).resolves.toBeUndefined();
  });

  it('are taken over on demand: the other one is told why it lost its own', async () => {
    const { module, sessions, first } = await watched();
    const second = viewer(sessions);
    await second.lease.startStream(STANDARD, second.events, { takeOver: true });
    expect(first.failures).toEqual(['stream-exists']);
    expect(module.calls.slice(-2)).toEqual(['stopStream door', `startStream door ${STANDARD}`]);
  });

  it('change their parameters for one holder alone by a new pull', async () => {
    const { module, first } = await watched();
    await first.lease.startStream(STANDARD, first.events);
    expect(module.calls.slice(-2)).toEqual(['stopStream door', `startStream door ${STANDARD}`]);
    expect(first.failures).toEqual([]);
  });

  it('fail for all who waited for them to start', async () => {
    const module = new FakeP2PModule();
    const sessions = new DeviceSessions({ module, appParams });
    await sessions.init();
    const [first, second] = [viewer(sessions), viewer(sessions)];
    void first.lease.connect(HIGH);
    let reject: (cause: Error) => void = () => undefined;
    module.startStreamResult = () => new Promise((_, no) => (reject = no));
    const started = [
      first.lease.startStream(HIGH, first.events),
      second.lease.startStream(HIGH, second.events),
    ];
    reject(new Error('no'));
    for (const one of started) await expect(one).rejects.toMatchObject({ reason: 'internal' });
    module.startStreamResult = () => Promise.resolve(0);
    await expect(first.lease.startStream(HIGH, first.events)).resolves.toBeUndefined();
  });
});
