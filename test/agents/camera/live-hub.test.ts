import { LiveHub } from '../../../agents/camera/live-hub';
import type { LiveHubOptions } from '../../../agents/camera/live-hub';
import { FlvReader, metadataTag, readMetadata } from '../../../services/media/flv';
import {
  aacFrame,
  aacSequenceHeader,
  avcFrame,
  avcSequenceHeader,
} from '../../services/media/flv/flv-samples';
import { ManualClock } from '../manual-clock';
import { FakeResponse } from './fake-response';

const BOTH = { hasAudio: true, hasVideo: true };

describe('LiveHub', () => {
  let clock: ManualClock;
  let hub: LiveHub;
  /** The source's time of the next frame. */
  let sourceMs: number;

  const start = (options: Partial<LiveHubOptions> = {}): void => {
    clock = new ManualClock();
    hub = new LiveHub({ clock, ...options });
    sourceMs = 700_000;
    hub.onHeader(BOTH);
    hub.onTag(metadataTag({ width: 640, height: 360 }));
    hub.onTag(avcSequenceHeader());
    hub.onTag(aacSequenceHeader());
  };
  /** Lets the source yield frames at 20 fps, in real time, with a keyframe where told. */
  const run = (frames: number, keyframeAt: readonly number[] = [], bytes = 100): void => {
    for (let i = 0; i < frames; i++) {
      hub.onTag(avcFrame(sourceMs, keyframeAt.includes(i), bytes));
      hub.onTag(aacFrame(sourceMs + 10));
      sourceMs += 50;
      clock.advance(50);
    }
  };
  const join = (): FakeResponse => {
    const response = new FakeResponse();
    hub.addViewer(response);
    return response;
  };

  beforeEach(() => start());

  it('gives a new viewer header, metadata, sequence headers and the group of pictures at once', () => {
    run(3, [0]);
    const viewer = join();
    expect(viewer.status).toBe(200);
    expect(viewer.headers['content-type']).toBe('video/x-flv');
    expect(viewer.timeline).toEqual([
      ...['script 0', 'video 0', 'audio 0'],
      ...['video 0', 'audio 10', 'video 50', 'audio 60', 'video 100', 'audio 110'],
    ]);
    run(1);
    expect(viewer.timeline.slice(-2)).toEqual(['video 150', 'audio 160']);
  });

  it('sends header and setup in one piece, which recorders keep', () => {
    run(1, [0]);
    const { header, tags } = new FlvReader().push(join().chunks[0]!);
    expect(header).toEqual(BOTH);
    expect(tags.map(({ type }) => type)).toEqual(['script', 'video', 'audio']);
  });

  it('lets a viewer wait for the first keyframe, without an answer before it', () => {
    run(3);
    const viewer = join();
    run(2);
    expect(viewer.status).toBeNull();
    run(2, [0]);
    expect(viewer.timeline.slice(3)).toEqual(['video 0', 'audio 10', 'video 50', 'audio 60']);
  });

  it('answers 503 when there is no picture in time', () => {
    const viewer = join();
    clock.advance(5_000);
    expect([viewer.status, viewer.ended]).toEqual([503, true]);
    expect(viewer.text).toContain('no picture');
    expect(hub.viewerCount).toBe(0);
  });

  it('begins with sound where there is no picture', () => {
    hub.onHeader({ hasAudio: true, hasVideo: false });
    const viewer = join();
    hub.onTag(aacFrame(5_000));
    hub.onTag(aacFrame(5_021));
    expect(viewer.timeline).toEqual(['script 0', 'audio 0', 'audio 0', 'audio 21']);
  });

  it('begins later when the group of pictures is too large to keep', () => {
    start({ maxGopBytes: 500 });
    run(10, [0]);
    const viewer = join();
    expect(viewer.status).toBeNull();
    run(1, [0]);
    expect(viewer.status).toBe(200);
  });

  it('tells once when a viewer has left, for whatever reason', () => {
    let left = 0;
    const onLeft = (): number => left++;
    run(1, [0]);
    const [first, second, third] = [new FakeResponse(), new FakeResponse(), new FakeResponse()];
    for (const response of [first, second]) hub.addViewer(response, { onLeft });
    first.onClose!();
    first.onClose!();
    expect([left, hub.viewerCount]).toEqual([1, 1]);
    hub.close();
    expect([left, second.ended]).toEqual([2, true]);
    start();
    hub.addViewer(third, { onLeft });
    clock.advance(5_000);
    expect([left, third.status]).toEqual([3, 503]);
  });

  it('does not show a newcomer what a silent source showed last', () => {
    run(3, [0]);
    clock.advance(5_000);
    const viewer = join();
    expect(viewer.status).toBeNull();
    run(1, [0]);
    expect(viewer.timeline.slice(3)).toEqual(['video 0', 'audio 10']);
  });

  it('measures its bit rate and knows its width', () => {
    expect([hub.bps, hub.width, hub.silentMs]).toEqual([null, 640, Infinity]);
    run(100, [0], 993);
    // 20 pictures of 998 bytes and 20 sounds of 12 bytes per second.
    expect(hub.bps).toBe(20 * 1_010 * 8);
  });

  describe('with viewers that move', () => {
    let other: LiveHub;
    beforeEach(() => {
      other = new LiveHub({ clock });
      other.onHeader(BOTH);
      other.onTag(avcSequenceHeader(0, 0x14));
    });

    it('takes over at its next keyframe, with its setup and no gap', () => {
      run(2, [0]);
      const response = new FakeResponse();
      const viewer = hub.addViewer(response);
      let moved = 0;
      other.adopt(viewer, hub, () => moved++);
      other.onTag(avcFrame(90_000, false));
      run(1);
      expect([moved, hub.viewerCount]).toEqual([0, 1]);
      other.onTag(avcFrame(90_040, true));
      expect([moved, hub.viewerCount, other.viewerCount]).toEqual([1, 0, 1]);
      run(3, [0]);
      other.onTag(avcFrame(90_080, false));
      // Up to "audio 110" from the first hub, then setup, keyframe and the next picture.
      expect(response.timeline.slice(-4)).toEqual([
        ...['audio 110', 'video 160', 'video 160', 'video 200'],
      ]);
      response.onClose!();
      expect(other.viewerCount).toBe(0);
    });

    it('leaves a viewer where it is when the move is called off, or it has gone', () => {
      run(1, [0]);
      const [stays, goes] = [new FakeResponse(), new FakeResponse()];
      const cancel = other.adopt(hub.addViewer(stays), hub);
      other.adopt(hub.addViewer(goes), hub);
      cancel();
      goes.onClose!();
      other.onTag(avcFrame(0, true));
      expect([hub.viewerCount, other.viewerCount]).toEqual([1, 0]);
    });

    it('opens a stream that had not begun', () => {
      const response = new FakeResponse();
      other.adopt(hub.addViewer(response), hub);
      other.onTag(avcFrame(0, true));
      clock.advance(10_000);
      expect([response.status, response.timeline]).toEqual([200, ['video 0', 'video 0']]);
    });
  });

  it('sends keyframes and sound only where a viewer bears no more', () => {
    run(1, [0]);
    const response = new FakeResponse();
    const viewer = hub.addViewer(response);
    viewer.setPace('keyframes');
    run(3, [1]);
    viewer.setPace('all');
    run(3, [1]);
    expect(response.timeline.slice(5)).toEqual([
      ...['audio 60', 'video 100', 'audio 110', 'audio 160', 'audio 210'],
      ...['video 250', 'audio 260', 'video 300', 'audio 310'],
    ]);
  });

  it('sends nothing more to a viewer that left', () => {
    run(1, [0]);
    const viewer = join();
    viewer.onClose!();
    const before = viewer.chunks.length;
    run(5);
    expect(viewer.chunks).toHaveLength(before);
  });

  describe('towards a viewer that is behind', () => {
    it('drops after 1.5 s until a keyframe, and closes the gap in its time', () => {
      run(1, [0]);
      const viewer = join();
      viewer.stalled = true;
      run(60, [20, 40]);
      const last = viewer.timeline.at(-1);
      expect(last).toBe('audio 1560');
      viewer.drain();
      viewer.stalled = false;
      run(5);
      expect(viewer.timeline.at(-1)).toBe(last);
      run(3, [0]);
      expect(viewer.timeline.slice(-6)).toEqual([
        ...['video 1610', 'audio 1620', 'video 1660', 'audio 1670', 'video 1710', 'audio 1720'],
      ]);
      expect(hub.droppedFrames).toBe(2 * (60 - 31 + 5));
    });

    it('waits for a later keyframe while the backlog is still there', () => {
      run(1, [0]);
      const viewer = join();
      viewer.stalled = true;
      run(40);
      const before = viewer.chunks.length;
      run(20, [10]);
      expect(viewer.chunks).toHaveLength(before);
      viewer.drain();
      run(20, [10]);
      expect(viewer.chunks.length).toBe(before + 20);
    });

    it('drops when too many bytes wait, however short the time', () => {
      start({ maxBufferedBytes: 10_000 });
      run(1, [0]);
      const viewer = join();
      viewer.stalled = true;
      run(6, [], 3_000);
      expect(viewer.bufferedBytes()).toBeLessThan(14_000);
      expect(hub.droppedFrames).toBeGreaterThan(0);
    });

    it('gives a large opening the same 1.5 s, but no more', () => {
      start({ maxBufferedBytes: 10_000 });
      run(10, [0], 3_000);
      const viewer = join();
      expect(viewer.bufferedBytes()).toBe(0);
      const slow = new FakeResponse();
      slow.stalled = true;
      hub.addViewer(slow);
      run(29, [], 100);
      expect(hub.droppedFrames).toBe(0);
      run(4, [], 100);
      expect(hub.droppedFrames).toBeGreaterThan(0);
    });

    it('keeps the others at full pace', () => {
      run(1, [0]);
      const [slow, quick] = [join(), join()];
      slow.stalled = true;
      run(60);
      expect(quick.timeline.at(-1)).toBe('audio 3010');
      expect(slow.chunks.length).toBeLessThan(quick.chunks.length);
    });

    it('counts what a viewer missed also after it left', () => {
      run(1, [0]);
      const viewer = join();
      viewer.stalled = true;
      run(60);
      const dropped = hub.droppedFrames;
      viewer.onClose!();
      expect([dropped > 0, hub.droppedFrames]).toEqual([true, dropped]);
    });
  });

  describe('when the source changes', () => {
    it('passes a new sequence header on, and gives it to new viewers', () => {
      run(2, [0]);
      const viewer = join();
      hub.onTag(avcSequenceHeader(0, 0x28));
      run(1, [0]);
      expect(viewer.timeline.slice(-3)).toEqual(['video 60', 'video 100', 'audio 110']);
      const late = join();
      expect(late.tags[1]).toEqual(avcSequenceHeader(0, 0x28));
    });

    it('gives a sequence header to a viewer that was behind before its keyframe', () => {
      run(1, [0]);
      const viewer = join();
      viewer.stalled = true;
      run(60);
      hub.onTag(avcSequenceHeader(0, 0x28));
      hub.onTag(avcSequenceHeader(0, 0x29));
      viewer.drain();
      run(1, [0]);
      const tags = viewer.tags.slice(-3);
      expect(tags[0]!.data).toEqual(avcSequenceHeader(0, 0x29).data);
      expect(tags[1]!.data[0]).toBe(0x17);
      expect(tags[0]!.timestampMs).toBe(tags[1]!.timestampMs);
    });

    it('says nothing when the source repeats itself', () => {
      run(1, [0]);
      const viewer = join();
      const before = viewer.chunks.length;
      hub.onTag(avcSequenceHeader());
      hub.onTag(aacSequenceHeader());
      hub.onTag(metadataTag({ width: 640, height: 360 }));
      expect(viewer.chunks).toHaveLength(before);
    });

    it('carries viewers over a restart of the source without a gap', () => {
      run(2, [0]);
      const viewer = join();
      hub.onHeader(BOTH);
      sourceMs = 0;
      clock.advance(3_000);
      run(2, [0]);
      expect(viewer.timeline.slice(-5)).toEqual([
        ...['audio 60', 'video 100', 'audio 110', 'video 150', 'audio 160'],
      ]);
    });

    it('does not pass an encoder’s end on', () => {
      run(1, [0]);
      const viewer = join();
      const before = viewer.chunks.length;
      hub.onTag({ type: 'video', timestampMs: sourceMs, data: Uint8Array.of(0x17, 2, 0, 0, 0) });
      expect(viewer.chunks).toHaveLength(before);
    });

    it('leaves duration and file size out of the metadata', () => {
      run(1, [0]);
      const tag = join().tags[0]!;
      expect(readMetadata(tag)).toEqual({ width: 640, height: 360 });
      expect(Buffer.from(tag.data).includes('duration')).toBe(false);
    });
  });

  it('ends all streams when it closes', () => {
    run(1, [0]);
    const viewers = [join(), join()];
    hub.close();
    expect(viewers.map(({ ended }) => ended)).toEqual([true, true]);
    expect([hub.viewerCount, clock.pendingTimers]).toEqual([0, 0]);
  });
});
