/*
 * The lab from the command line: `node --import tsx test/net/lab/main.ts`, as root.
 */
import type { Impairment } from '../impaired-link';
import type { NatKind } from '../nat-box';
import { Lab } from './lab';
import { missingForLab } from './missing-for-lab';
import { NODES, SITES } from './topology';
import type { LabNode, LabPlace, LabSite } from './topology';

const KINDS: readonly NatKind[] = [
  'none',
  'firewall',
  'full',
  'address-restricted',
  'port-restricted',
  'symmetric',
  'udp-blocked',
];
const PLACES: readonly LabPlace[] = ['wifi', '4g', 'none'];
const IMPAIRMENTS: readonly (keyof Impairment)[] = [
  'delayMs',
  'jitterMs',
  'keepsOrder',
  'reorder',
  'loss',
  'lossBurst',
  'duplicate',
  'rate',
  'queueBytes',
  'queueMs',
];

const USAGE = `Hosts behind NATs, with real sockets: a behind A (wifi) or A2 (4g), b and b2 behind B, srv in between.

  check                            tells what this machine lacks
  up [A=<kind>] [A2=<kind>] [B=<kind>]
  down                             removes the lab and ends what runs in it
  list                             names of the labs that are there
  show                             NATs, and what the wires have carried
  exec <node> <command> [args…]    runs a program on ${NODES.join(', ')}
  impair <site> [key=value…]       changes a wire; "up.key" and "down.key" for one direction
  nat <site> <kind>                puts another NAT in place
  roam <wifi|4g|none>              moves host a
  rebind <site>                    the router forgets all flows

Kinds: ${KINDS.join(', ')}.
Keys: ${IMPAIRMENTS.join(', ')}.
Shares are from 0 to 1, rates in bytes per ms. LAB=<name> tells labs apart (default "lab").
`;

const name = process.env.LAB ?? 'lab';

/** @throws Error when `value` is none of `choices`. */
function choose<T extends string>(
  what: string,
  value: string | undefined,
  choices: readonly T[],
): T {
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined) throw new Error(`${what} is one of ${choices.join(', ')}`);
  return chosen;
}

const chooseSite = (value: string | undefined) => choose<LabSite>('a site', value, SITES);
const chooseKind = (value: string | undefined) => choose<NatKind>('a kind', value, KINDS);

function parsePair(text: string): [string, string] {
  const [key, value, ...rest] = text.split('=');
  if (key === undefined || value === undefined || rest.length > 0) {
    throw new Error(`"${text}" is not key=value`);
  }
  return [key, value];
}

function parseImpairments(words: readonly string[]): { up: Impairment; down: Impairment } {
  const directions: Record<'up' | 'down', Partial<Record<keyof Impairment, number>>> = {
    up: {},
    down: {},
  };
  for (const word of words) {
    const [path, text] = parsePair(word);
    const [first, second] = path.split('.');
    const key = choose('a key', second ?? first, IMPAIRMENTS);
    const value = Number(text);
    if (!(value >= 0)) throw new Error(`"${word}" has no number`);
    const both = second === undefined;
    if (both || first === 'up') directions.up[key] = value;
    if (both || first === 'down') directions.down[key] = value;
  }
  return directions as { up: Impairment; down: Impairment };
}

async function up(words: readonly string[]): Promise<void> {
  const kinds: Partial<Record<LabSite, NatKind>> = {};
  for (const word of words) {
    const [site, kind] = parsePair(word);
    kinds[chooseSite(site)] = chooseKind(kind);
  }
  await Lab.up({
    name,
    stays: true,
    ...(kinds.A ? { natA: kinds.A } : {}),
    ...(kinds.B ? { natB: kinds.B } : {}),
    ...(kinds.A2 ? { natA2: kinds.A2 } : {}),
  });
  await show();
}

async function show(): Promise<void> {
  const lab = Lab.open(name);
  for (const site of SITES) {
    console.log(
      `${site.padEnd(2)} ${lab.natOf(site).padEnd(18)} ${JSON.stringify(await lab.stats(site))}`,
    );
  }
}

async function exec([node, command, ...args]: readonly string[]): Promise<void> {
  if (command === undefined) throw new Error('exec <node> <command> [args…]');
  const child = Lab.open(name).execHere(choose<LabNode>('a node', node, NODES), command, args);
  // The child has our terminal and gets its signals; we wait for it.
  process.on('SIGINT', () => undefined);
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function main([command, ...words]: readonly string[]): Promise<void> {
  switch (command) {
    case 'check': {
      const missing = missingForLab();
      console.log(missing.length === 0 ? 'the lab can run here' : `missing: ${missing.join(', ')}`);
      process.exitCode = missing.length === 0 ? 0 : 1;
      return;
    }
    case 'up':
      return up(words);
    case 'down':
      return Lab.remove(name);
    case 'list':
      console.log(Lab.list().join('\n'));
      return;
    case 'show':
      return show();
    case 'exec':
      return exec(words);
    case 'impair':
      return Lab.open(name).impair(chooseSite(words[0]), parseImpairments(words.slice(1)));
    case 'nat':
      return Lab.open(name).setNat(chooseSite(words[0]), chooseKind(words[1]));
    case 'roam':
      return Lab.open(name).roam(choose('a place', words[0], PLACES));
    case 'rebind':
      return Lab.open(name).rebind(chooseSite(words[0]));
    default:
      process.stderr.write(USAGE);
      process.exitCode = command === undefined || command === '--help' ? 0 : 2;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
