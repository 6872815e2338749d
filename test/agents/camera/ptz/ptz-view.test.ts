import { PtzView } from '../../../../agents/camera/ptz/ptz-view';
import type { MediaEvents } from '../../../../agents/camera/media-source';
import type { SteeredProcess } from '../../../../agents/camera/start-process';
import { isVideoSequenceHeader } from '../../../../services/media/flv';
import type { FlvTag } from '../../../../services/media/flv';
import { avcFrame, avcSequenceHeader, encodeFlv } from '../../../services/media/flv/flv-samples';
import { ManualClock } from '../../manual-clock';
import { FakePipe } from '../lib/fake-pipe';

class FakeSteered extends FakePipe implements SteeredProcess {
  readonly orders: string[] = [];
  steer(text: string): void {
    this.orders.push(text);
  }
}

class Screen implements MediaEvents {
  headers = 0;
  tags: FlvTag[] = [];
  onHeader(): void {
    this.headers++;
  }
  onTag(tag: FlvTag): void {
    this.tags.push(tag);
  }
}

const SOURCE_LEVEL = 0x1e;
const VIEW_LEVEL = 0x14;

describe('PtzView', () => {
  let clock: ManualClock;
  let screen: Screen;
  let encoders: FakeSteered[];
  let view: PtzView;
  let look: { pan: number; tilt: number; moving: boolean };

  beforeEach(() => {
    clock = new ManualClock();
    screen = new Screen();
    encoders = [];
    look = { pan: 0, tilt: 0, moving: false };
    view = new PtzView({
      target: screen,
      look: () => look,
      limits: { width: 640, kbps: 500 },
      clock,
      log: { warn: () => undefined, debug: () => undefined },
      startSteered: (_command, args, events) => {
        const encoder = new FakeSteered(args, events);
        encoders.push(encoder);
        return encoder;
      },
    });
    view.onHeader({ hasAudio: false, hasVideo: true });
    view.onTag(avcSequenceHeader(0, SOURCE_LEVEL));
  });

  /** A second of the source: a keyframe and another. */
  const second = (): void => {
    view.onTag(avcFrame(clock.nowMs(), true));
    clock.advance(500);
    view.onTag(avcFrame(clock.nowMs(), false));
    clock.advance(500);
  };
  const encode = (): void =>
    encoders
      .at(-1)!
      .events.onOutput(encodeFlv([avcSequenceHeader(0, VIEW_LEVEL), avcFrame(0, true, 77)]));
  /** The levels of the sequence headers that reached the screen tell whose pictures follow. */
  const openings = (): number[] =>
    screen.tags.filter(isVideoSequenceHeader).map(({ data }) => data[8]!);

  it('passes the source on, and encodes nothing, while the camera looks home', () => {
    view.wake();
    second();
    expect([screen.headers, screen.tags.length, encoders.length]).toEqual([1, 3, 0]);
  });

  it('shows the source until the encoder has a picture, then that', () => {
    second();
    look = { pan: 15, tilt: 0, moving: false };
    view.wake();
    second();
    expect([openings(), encoders.length]).toEqual([[SOURCE_LEVEL], 1]);
    encode();
    const before = screen.tags.length;
    second();
    expect([openings(), screen.tags.length]).toEqual([[SOURCE_LEVEL, VIEW_LEVEL], before]);
  });

  it('tells the encoder where to look, one order at a time', () => {
    look = { pan: 15, tilt: -17, moving: true };
    view.wake();
    clock.advance(300);
    expect(encoders[0]!.orders).toEqual([
      'ccrop@view -1 y ih*0.25000\n',
      'ccrop@view -1 x iw*0.12500\n',
    ]);
    look = { pan: -15, tilt: -17, moving: false };
    clock.advance(100);
    expect(encoders[0]!.orders[2]).toBe('ccrop@view -1 x iw*0.37500\n');
  });

  it('goes back to the source when the camera has been home for a while', async () => {
    look = { pan: 15, tilt: 0, moving: false };
    view.wake();
    second();
    encode();
    look = { pan: 0, tilt: 0, moving: false };
    for (let i = 0; i < 7; i++) second();
    expect(openings()).toEqual([SOURCE_LEVEL, VIEW_LEVEL, SOURCE_LEVEL]);
    expect(encoders[0]!.stopped).toBe(1);
    encoders[0]!.events.onExit(0);
    await view.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('falls back to the source while a broken encoder is started again', () => {
    look = { pan: 15, tilt: 0, moving: false };
    view.wake();
    encode();
    encoders[0]!.events.onExit(1);
    clock.advance(1_000);
    expect(encoders).toHaveLength(2);
    second();
    expect(openings()).toEqual([SOURCE_LEVEL, VIEW_LEVEL, SOURCE_LEVEL]);
    clock.advance(200);
    expect(encoders[1]!.orders).toEqual(['ccrop@view -1 x iw*0.12500\n']);
    encode();
    expect(openings().at(-1)).toBe(VIEW_LEVEL);
  });
});
