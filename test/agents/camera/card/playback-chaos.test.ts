import fc from 'fast-check';
import type { Card } from '../../../../agents/camera/card';
import { isKeyframe } from '../../../../services/media/flv';
import { CardRig, DrainingResponse, isFrame } from './card-rig';

const action = fc.oneof(
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 10, max: 4_000 }) }),
  fc.record({ kind: fc.constant('seek' as const), ms: fc.integer({ min: 0, max: 60_000 }) }),
  fc.record({ kind: fc.constant('speed' as const), factor: fc.constantFrom(0.125, 0.5, 1, 2, 16) }),
  fc.record({ kind: fc.constant('interval' as const), ms: fc.constantFrom(0, 1, 40, 200) }),
  fc.record({ kind: fc.constant('step' as const), n: fc.constantFrom(0, 1, 3, 64) }),
  fc.record({ kind: fc.constantFrom('pause', 'resume', 'stall', 'drain', 'record') }),
);

describe('a playback, whatever its viewer does', () => {
  let rig: CardRig;
  let card: Card;
  beforeEach(async () => {
    rig = new CardRig();
    card = await rig.open();
  });
  afterEach(() => rig.close());

  it('is one stream that decodes, in the range, and comes to its end', async () => {
    const recorder = card.recorder(0);
    rig.begin(recorder);
    rig.run(recorder, 20_000, 4_000);
    rig.pass(15_000);
    rig.run(recorder, 10_000, 4_000);
    await card.flush();
    const startS = card.records(rig.all)[0]!.start_time;

    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 15 }), async (actions) => {
        const response = new DrainingResponse();
        const range = { channel: 0, startS, endS: startS + 60 };
        const session = card.openPlayback(range, response)!;
        const answers: Promise<unknown>[] = [];
        const pass = async (ms: number): Promise<void> => {
          await rig.disk.idle();
          rig.clock.advance(ms);
          await rig.disk.idle();
        };
        for (const one of actions) {
          if (!session.open) break;
          if ('factor' in one) session.setSpeed(one.factor);
          else if ('n' in one) session.setKeyframeStep(one.n);
          else if (one.kind === 'interval') session.setFrameInterval(one.ms);
          else if (one.kind === 'pass') await pass(one.ms);
          else if (one.kind === 'seek') answers.push(session.seek(one.ms).catch(() => 0));
          else if (one.kind === 'pause') session.pause();
          else if (one.kind === 'resume') session.resume();
          else if (one.kind === 'record') rig.run(recorder, 300);
          else {
            response.stalled = one.kind === 'stall';
            if (one.kind === 'drain') response.drain();
          }
          expect(session.progressMs).toBeGreaterThanOrEqual(0);
          expect(session.progressMs).toBeLessThanOrEqual(60_000);
        }
        if (session.open) {
          session.resume();
          response.stalled = false;
          response.drain();
          session.setSpeed(16);
          for (let i = 0; session.open && i < 300; i++) await pass(500);
        }
        // Every seek was answered.
        await Promise.all(answers);
        expect(response.ended).toBe(true);
        const { tags } = response;
        const times = tags.map(({ timestampMs }) => timestampMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        const pictures = tags.filter((tag) => tag.type === 'video' && isFrame(tag));
        pictures.forEach((tag, at) => {
          // A picture follows the one before it, or is a keyframe.
          const numberOf = ({ data }: typeof tag): number => new DataView(data.buffer).getUint32(5);
          const follows = at > 0 && numberOf(tag) === numberOf(pictures[at - 1]!) + 1;
          expect(follows || isKeyframe(tag)).toBe(true);
        });
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
