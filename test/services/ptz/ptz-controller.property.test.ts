import fc from 'fast-check';
import { DeviceSessions } from '../../../services/device';
import { PTZ_DIRECTIONS, PtzController } from '../../../services/ptz';
import type { PtzDirection } from '../../../services/ptz';
import { VirtualClock } from '../../net/virtual-clock';
import { SimulatedCamera } from './simulated-camera';
import type { Passage } from './simulated-camera';

const device = { id: 'door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const appParams = { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' };
const features = {
  directions: PTZ_DIRECTIONS,
  maxPresets: 0,
  home: true,
  speed: true,
  safetyMs: 10_000,
};

const SEQUENCES = 1_000;
/** The camera may move so long after the finger has left. */
const LIMIT_MS = 1_000;

type Act =
  | { readonly kind: 'press'; readonly direction: PtzDirection; readonly speed: number }
  | { readonly kind: 'release' | 'lose' | 'hide' };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('press' as const),
      direction: fc.constantFrom(...PTZ_DIRECTIONS),
      speed: fc.integer({ min: 1, max: 10 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'release' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'lose' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'hide' as const }) },
);
const sequence = fc.array(fc.tuple(act, fc.integer({ min: 0, max: 1_500 })), {
  minLength: 1,
  maxLength: 16,
});
const passages = fc.infiniteStream(
  fc.record<Passage>({
    thereMs: fc.integer({ min: 1, max: 150 }),
    backMs: fc.integer({ min: 1, max: 150 }),
    fate: fc.oneof(
      { weight: 16, arbitrary: fc.constant('answered' as const) },
      { weight: 1, arbitrary: fc.constant('silent' as const) },
      { weight: 1, arbitrary: fc.constant('garbled' as const) },
    ),
  }),
);

const flush = async (): Promise<void> => {
  for (let i = 0; i < 12; i++) await Promise.resolve();
};

class Hand {
  readonly clock = new VirtualClock();
  readonly camera = new SimulatedCamera(this.clock);
  readonly ptz: PtzController;
  /** What the hand did, as the wire would say it. */
  readonly wishes: string[] = [];
  private leftAtMs = 0;
  private holds = false;

  constructor() {
    const { clock, camera: module } = this;
    const sessions = new DeviceSessions({ module, appParams });
    this.ptz = new PtzController({ sessions, clock, device, features });
  }

  do(step: Act): void {
    switch (step.kind) {
      case 'press':
        this.holds = true;
        this.wishes.push(step.direction);
        this.ptz.press(step.direction, step.speed);
        return;
      case 'release':
        this.leave();
        this.ptz.release();
        return;
      case 'hide':
        this.leave();
        this.ptz.cancel();
        return;
      case 'lose':
        this.leave();
        this.camera.lose(device.id);
        return;
      default:
        step satisfies never;
    }
  }

  /** Lets time pass, and watches the camera. */
  async pass(durationMs: number): Promise<void> {
    await this.wait(durationMs, () => this.check());
  }

  async wait(durationMs: number, check: () => void = () => undefined, stepMs = 10): Promise<void> {
    const untilMs = this.clock.nowMs() + durationMs;
    await flush();
    for (let now = this.clock.nowMs(); now < untilMs; now = this.clock.nowMs()) {
      this.clock.advance(Math.min(stepMs, untilMs - now));
      await flush();
      check();
    }
  }

  private leave(): void {
    if (this.holds) this.leftAtMs = this.clock.nowMs();
    this.holds = false;
    this.wishes.push('release');
  }

  private check(): void {
    if (this.holds) return;
    const forMs = this.clock.nowMs() - this.leftAtMs;
    if (forMs > LIMIT_MS && this.camera.ptz.moving) {
      throw new Error(`the camera still moves ${forMs} ms after the finger has left`);
    }
  }
}

/** Whether the wire is the hand's wishes, some of them left out, some repeated. */
function followsOrder(wire: readonly string[], wishes: readonly string[]): boolean {
  let at = 0;
  return wire.every((command) => {
    while (at < wishes.length && wishes[at] !== command) at++;
    return at < wishes.length;
  });
}

describe('PtzController', () => {
  it(`lets the camera move no longer than ${LIMIT_MS} ms after the finger, in ${SEQUENCES} random sequences`, async () => {
    let presses = 0;
    await fc.assert(
      fc.asyncProperty(sequence, passages, async (steps, stream) => {
        const hand = new Hand();
        hand.camera.passage = () => stream.next().value;
        for (const [step, waitMs] of steps) {
          hand.do(step);
          await hand.pass(waitMs);
        }
        hand.do({ kind: 'release' });
        await hand.pass(2_000);
        const { camera, ptz, wishes } = hand;
        expect(camera.ptz.moving).toBe(false);
        // However long the camera was silent: once it answers, nothing is left to do.
        camera.passage = () => ({ thereMs: 20, backMs: 20, fate: 'answered' });
        for (let ms = 0; ms < 15_000; ms += 100) await hand.wait(100, undefined, 100);
        presses += camera.wire.filter((command) => command !== 'release').length;
        expect(camera.ptz.moving).toBe(false);
        expect(ptz.store.state.driving).toBe(false);
        expect(camera.mostInFlight).toBeLessThanOrEqual(1);
        expect([camera.wire, followsOrder(camera.wire, wishes)]).toEqual([camera.wire, true]);
      }),
      { numRuns: SEQUENCES },
    );
    expect(presses).toBeGreaterThan(SEQUENCES);
  }, 120_000);

  it('stops a camera that gets a press late, after the release', async () => {
    const hand = new Hand();
    const fates: Passage['fate'][] = ['late'];
    hand.camera.passage = () => ({ thereMs: 20, backMs: 20, fate: fates.shift() ?? 'answered' });
    hand.do({ kind: 'press', direction: 'left', speed: 5 });
    await hand.wait(5);
    hand.ptz.cancel();
    await hand.wait(3_000);
    expect(hand.camera.wire).toEqual(['left', 'release', 'release']);
    expect(hand.camera.ptz.moving).toBe(false);
    expect(hand.ptz.store.state.driving).toBe(false);
  });
});
