import { setTimeout as sleep } from 'node:timers/promises';
import type { PathInfo } from '../../../services/p2p/endpoint';
import type { NatKind } from '../nat-box';
import type { EngineLab, SessionOutcome } from './engine-lab';
import type { ViewerReport } from './engine-viewer';
import type { LabPlace } from './topology';

/** One thing that happens to a session, and what its viewer saw of it. */
export interface Incident {
  readonly name: string;
  readonly report: ViewerReport;
  /** The path that was in use at the end. */
  readonly kind: PathInfo['kind'];
}

export interface ScenarioResult {
  readonly incidents: readonly Incident[];
  readonly outcome: SessionOutcome;
}

export interface ScenarioTimes {
  /** How long the session is watched after each incident. */
  readonly watchMs: number;
  /** How long it is left alone before the first. */
  readonly quietMs: number;
}

export interface Scenario {
  readonly name: string;
  readonly natA: NatKind;
  readonly natA2: NatKind;
  readonly natB: NatKind;
  /** What happens, one after the other, and the path that is expected after it. */
  readonly incidents: readonly {
    readonly name: string;
    readonly kind: PathInfo['kind'];
    readonly run: (engine: EngineLab) => Promise<void>;
  }[];
  readonly cleanUp?: (engine: EngineLab) => Promise<void>;
}

const CONE = 'port-restricted';
const DIRECT_DEADLINE_MS = 8000;

const roamTo = (place: LabPlace, kind: PathInfo['kind']) => ({
  name: place === 'wifi' ? '4G to Wi-Fi' : 'Wi-Fi to 4G',
  kind,
  run: (engine: EngineLab) => engine.lab.roam(place),
});

/** Every scenario begins with a viewer on Wi-Fi that watches directly. */
export const SCENARIOS = {
  undisturbed: {
    name: 'nothing happens',
    natA: CONE,
    natA2: CONE,
    natB: CONE,
    incidents: [{ name: 'nothing', kind: 'direct', run: async () => undefined }],
  },
  roaming: {
    name: 'viewer roams, cone on 4G',
    natA: CONE,
    natA2: CONE,
    natB: CONE,
    incidents: [roamTo('4g', 'direct'), roamTo('wifi', 'direct')],
  },
  roamingSymmetric: {
    name: 'viewer roams, symmetric on 4G',
    natA: CONE,
    natA2: 'symmetric',
    natB: CONE,
    incidents: [roamTo('4g', 'relay'), roamTo('wifi', 'direct')],
  },
  roamingOnRelay: {
    name: 'viewer roams, UDP blocked on both',
    natA: 'udp-blocked',
    natA2: 'udp-blocked',
    natB: CONE,
    incidents: [roamTo('4g', 'relay'), roamTo('wifi', 'relay')],
  },
  cameraRebinds: {
    name: "camera's NAT rebinds",
    natA: CONE,
    natA2: CONE,
    natB: CONE,
    incidents: [{ name: 'rebinding', kind: 'direct', run: ({ lab }) => lab.rebind('B') }],
  },
  relayDies: {
    name: 'relay dies while direct',
    natA: CONE,
    natA2: CONE,
    natB: CONE,
    incidents: [
      { name: 'death of the relay', kind: 'direct', run: (engine) => engine.killRelay() },
    ],
    cleanUp: (engine) => engine.restartRelay(),
  },
  directDies: {
    name: 'direct path dies',
    natA: CONE,
    natA2: CONE,
    natB: CONE,
    incidents: [
      { name: 'UDP is cut', kind: 'relay', run: ({ lab }) => lab.cutDirect('B', true) },
      { name: 'UDP is back', kind: 'direct', run: ({ lab }) => lab.cutDirect('B', false) },
    ],
    cleanUp: ({ lab }) => lab.cutDirect('B', false),
  },
} as const satisfies Record<string, Scenario>;

/** Plays a scenario through with a session of its own. @throws Error when the session breaks. */
export async function play(
  engine: EngineLab,
  scenario: Scenario,
  { watchMs, quietMs }: ScenarioTimes,
): Promise<ScenarioResult> {
  const { lab } = engine;
  for (const [site, kind] of [
    ['A', scenario.natA],
    ['A2', scenario.natA2],
    ['B', scenario.natB],
  ] as const) {
    if (lab.natOf(site) !== kind) await lab.setNat(site, kind);
  }
  const incidents: Incident[] = [];
  try {
    await engine.watch();
    if (scenario.natA !== 'udp-blocked') await engine.waitFor('direct', DIRECT_DEADLINE_MS);
    await sleep(quietMs);
    for (const { name, kind, run } of scenario.incidents) {
      await engine.mark();
      await run(engine);
      await sleep(watchMs);
      const report = await engine.report();
      incidents.push({ name, report, kind: await engine.waitFor(kind, DIRECT_DEADLINE_MS) });
    }
    return { incidents, outcome: await engine.finish() };
  } finally {
    await scenario.cleanUp?.(engine);
    await lab.roam('wifi');
  }
}
