import { Channel } from '../../../agents/camera/channel';
import { encodeFlvTag, metadataTag } from '../../../services/media/flv';
import {
  aacFrame,
  aacSequenceHeader,
  avcFrame,
  avcSequenceHeader,
  encodeFlv,
} from '../../services/media/flv/flv-samples';
import type { BandwidthEstimate } from '../../../services/p2p/session';
import { ManualClock } from '../manual-clock';
import { FakeResponse } from './fake-response';
import { fakePipes } from './lib/fake-pipe';

const log = { warn: () => undefined, debug: () => undefined };

/** A viewer whose path is measured. */
class MeasuredResponse extends FakeResponse {
  bps: number | null = null;

  override estimate(): BandwidthEstimate {
    return { ...super.estimate(), rateBps: this.bps, appLimited: false };
  }
}

describe('Channel', () => {
  let clock: ManualClock;
  let channel: Channel;
  let sourceMs: number;
  let { pipes, startPipe } = fakePipes();

  beforeEach(() => {
    clock = new ManualClock();
    ({ pipes, startPipe } = fakePipes());
    channel = new Channel({ clock, log, canEncode: true, maxKbps: null, startPipe });
    sourceMs = 0;
    channel.onHeader({ hasAudio: true, hasVideo: true });
    channel.onTag(metadataTag({ width: 640, height: 360 }));
    channel.onTag(avcSequenceHeader());
    channel.onTag(aacSequenceHeader());
  });

  /** The source yields for some seconds: 10 pictures each, the first a keyframe. */
  const run = (seconds: number): void => {
    for (let i = 0; i < seconds * 10; i++, sourceMs += 100) {
      channel.onTag(avcFrame(sourceMs, i % 10 === 0, 10_000));
      channel.onTag(aacFrame(sourceMs + 10));
      clock.advance(100);
    }
  };
  const watch = (quality: 'standard' | 'high', response = new FakeResponse()): FakeResponse => {
    channel.watch(quality, response, () => undefined);
    return response;
  };
  /** The encoder that was started last yields a keyframe. */
  const encode = (): void =>
    pipes.at(-1)!.events.onOutput(encodeFlv([avcSequenceHeader(0, 0x14), avcFrame(0, true, 20)]));

  it('starts no encoder for its own quality, nor for sound', () => {
    run(1);
    const viewer = watch('high');
    const listener = new FakeResponse();
    channel.listen(listener, () => undefined);
    run(1);
    expect([viewer.status, listener.status, pipes.length]).toEqual([200, 200, 0]);
    expect(new Set(listener.tags.map(({ type }) => type))).toEqual(new Set(['script', 'audio']));
  });

  it('runs one encoder for all viewers of a quality, and a while longer', () => {
    run(1);
    const [first, second] = [watch('standard'), watch('standard')];
    run(1);
    expect([pipes.length, channel.activeEncoders]).toEqual([1, 1]);
    expect(pipes[0]!.written.length).toBeGreaterThan(10);
    encode();
    expect([first.status, second.status]).toEqual([200, 200]);
    first.onClose!();
    second.onClose!();
    run(9);
    expect(pipes[0]!.stopped).toBe(0);
    run(2);
    expect([pipes[0]!.stopped, channel.activeEncoders]).toEqual([1, 0]);
    pipes[0]!.events.onExit(0);
    run(60);
    expect(pipes).toHaveLength(1);
  });

  it('starts an encoder again that ends or falls silent', () => {
    run(1);
    watch('standard');
    pipes[0]!.events.onExit(1);
    clock.advance(1_000);
    expect(pipes).toHaveLength(2);
    encode();
    clock.advance(14_999);
    expect(pipes[1]!.stopped).toBe(0);
    clock.advance(1);
    expect(pipes[1]!.stopped).toBe(1);
  });

  it('feeds an encoder that has been started again from a keyframe on', () => {
    run(1);
    watch('standard');
    pipes[0]!.events.onExit(1);
    run(3);
    expect(pipes[1]!.written[0]!.subarray(0, 3)).toEqual(Uint8Array.of(0x46, 0x4c, 0x56));
  });

  it('moves a viewer to a smaller quality and back, as its path allows', () => {
    run(6);
    const viewer = new MeasuredResponse();
    watch('high', viewer);
    viewer.bps = 500_000;
    run(5);
    expect(pipes).toHaveLength(1);
    encode();
    const before = viewer.chunks.length;
    run(1);
    expect(viewer.chunks).toHaveLength(before);
    viewer.bps = 3_000_000;
    run(6);
    pipes[0]!.events.onOutput(encodeFlvTag(avcFrame(40, true)));
    run(6);
    expect(viewer.chunks.length).toBeGreaterThan(before + 1);
    expect(channel.activeEncoders).toBe(1);
    run(11);
    expect([channel.activeEncoders, pipes.length]).toEqual([0, 1]);
    const times = viewer.tags.map(({ timestampMs }) => timestampMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('sends keyframes only where there is nothing smaller', () => {
    channel = new Channel({ clock, log, canEncode: false, maxKbps: null });
    channel.onHeader({ hasAudio: true, hasVideo: true });
    channel.onTag(avcSequenceHeader());
    run(6);
    const viewer = new MeasuredResponse();
    watch('standard', viewer);
    viewer.bps = 100_000;
    run(6);
    const before = viewer.tags.length;
    run(2);
    const pictures = viewer.tags.slice(before).filter(({ type }) => type === 'video');
    expect(pictures).toHaveLength(2);
  });

  it('ends all streams and encoders when it closes', async () => {
    run(1);
    const viewer = watch('standard');
    encode();
    const closing = channel.close();
    expect([viewer.ended, pipes[0]!.stopped]).toEqual([true, 1]);
    pipes[0]!.events.onExit(0);
    await closing;
    clock.advance(60_000);
    expect(pipes).toHaveLength(1);
  });

  it('is not alive when its source falls silent', () => {
    expect(channel.alive).toBe(false);
    run(1);
    expect(channel.alive).toBe(true);
    clock.advance(6_000);
    expect(channel.alive).toBe(false);
  });
});
