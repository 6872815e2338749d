import type { PathInfo } from '../../../services/p2p/endpoint';
import type { NatKind } from '../nat-box';
import { describeInLab } from './describe-in-lab';
import { EngineLab } from './engine-lab';
import type { SessionOutcome } from './engine-lab';
import { play, SCENARIOS } from './engine-scenarios';

const DEADLINE_MS = 60_000;
const DIRECT_DEADLINE_MS = 10_000;
/** Longer than both sides punch with all their might: what has not come by then does not come. */
const PUNCHING_MS = 2200;
const TIMES = { quietMs: 100, watchMs: 800 };

jest.setTimeout(DEADLINE_MS);

/** One session, and every byte of both streams. */
function expectWhole(outcome: SessionOutcome): void {
  expect(outcome).toMatchObject({
    sessions: 1,
    framesSkipped: 0,
    framesReceived: outcome.framesSent,
    bulkReceived: outcome.bulkSent,
  });
  expect(outcome.framesSent).toBeGreaterThan(0);
}

describeInLab('the engine on real sockets', () => {
  let engine: EngineLab;

  beforeAll(async () => {
    const near = { delayMs: 10 };
    engine = await EngineLab.up({ impairments: { A: near, A2: { delayMs: 30 }, B: near } });
  });

  afterAll(async () => {
    await engine?.down();
  });

  describe('connects', () => {
    const pairs: readonly (readonly [NatKind, NatKind, PathInfo['kind']])[] = [
      ['port-restricted', 'port-restricted', 'direct'],
      ['port-restricted', 'symmetric', 'relay'],
      ['full', 'symmetric', 'direct'],
      ['symmetric', 'symmetric', 'relay'],
      ['udp-blocked', 'port-restricted', 'relay'],
    ];

    it.each(pairs)('viewer %s, camera %s: %s', async (natA, natB, expected) => {
      const { lab } = engine;
      if (lab.natOf('A') !== natA) await lab.setNat('A', natA);
      if (lab.natOf('B') !== natB) await lab.setNat('B', natB);
      await engine.watch();
      const deadlineMs = expected === 'direct' ? DIRECT_DEADLINE_MS : PUNCHING_MS;
      expect(await engine.waitFor('direct', deadlineMs)).toBe(expected);
      expectWhole(await engine.finish());
    });

    it('by IPv6 where the NATs of IPv4 let nothing through', async () => {
      const { lab } = engine;
      await lab.setNat('A', 'symmetric');
      await lab.setNat('B', 'symmetric');
      await lab.setIpv6(true);
      await engine.watch();
      expect(await engine.waitFor('direct', DIRECT_DEADLINE_MS)).toBe('direct');
      expectWhole(await engine.finish());
      await lab.setIpv6(false);
    });

    it('through the LAN when both are at home', async () => {
      await engine.watch('b2');
      expect(await engine.waitFor('lan', DIRECT_DEADLINE_MS, 'b2')).toBe('lan');
      expectWhole(await engine.finish('b2'));
    });
  });

  describe('goes on, in the same session and without losing a byte, when', () => {
    it.each(Object.values(SCENARIOS).filter(({ incidents }) => incidents[0].name !== 'nothing'))(
      'the $name',
      async (scenario) => {
        const { incidents, outcome } = await play(engine, scenario, TIMES);
        const kinds = (list: readonly { readonly kind: PathInfo['kind'] }[]) =>
          list.map(({ kind }) => kind);
        expect(kinds(incidents)).toEqual(kinds(scenario.incidents));
        expectWhole(outcome);
      },
    );
  });
});
