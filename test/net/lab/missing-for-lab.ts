import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { natRules } from './nat-rules';

/** Programs the lab runs, with the Debian package each is in. */
const PROGRAMS = {
  ip: 'iproute2',
  nft: 'nftables',
  conntrack: 'conntrack',
  gcc: 'gcc',
} as const;

const TUN_DEVICE = '/dev/net/tun';

/** What this machine lacks to run the lab; empty when it can. */
export function missingForLab(): string[] {
  if (process.platform !== 'linux') return ['Linux'];
  const missing: string[] = [];
  if (process.getuid?.() !== 0) missing.push('root');
  for (const [program, debianPackage] of Object.entries(PROGRAMS)) {
    if (!isOnPath(program)) missing.push(`${program} (package ${debianPackage})`);
  }
  if (!isAllowed(TUN_DEVICE, constants.R_OK | constants.W_OK)) missing.push(TUN_DEVICE);
  if (missing.length > 0) return missing;
  if (!hasHeaders()) return ['C headers (package libc6-dev)'];
  // A container may have all of these, and still forbid what they are for.
  const complaint = tryOut();
  return complaint === null ? [] : [`permission or kernel support (${complaint})`];
}

function hasHeaders(): boolean {
  const input = '#include <stdio.h>\n#include <linux/if_tun.h>\n';
  return spawnSync('gcc', ['-fsyntax-only', '-x', 'c', '-'], { input }).status === 0;
}

/** Makes and removes what a lab consists of. @returns what went wrong; null when nothing did. */
function tryOut(): string | null {
  const namespace = `tiv-probe-${process.pid}`;
  const rules = natRules({
    kind: 'symmetric',
    wan: '203.0.113.1',
    host: '192.168.1.2',
    shifts: [],
  });
  const steps = [
    { args: ['netns', 'add', namespace] },
    { args: ['-n', namespace, 'tuntap', 'add', 'mode', 'tap', 'name', 'wan'] },
    { args: ['-n', namespace, 'link', 'add', 'br0', 'type', 'bridge'] },
    { args: ['netns', 'exec', namespace, 'nft', '-f', '-'], input: rules },
    { args: ['netns', 'exec', namespace, 'conntrack', '-F'] },
  ];
  try {
    for (const { args, input = '' } of steps) {
      const { status, stderr } = spawnSync('ip', args, { input, encoding: 'utf8' });
      if (status !== 0) return `ip ${args.join(' ')}: ${stderr.trim()}`;
    }
    return null;
  } finally {
    spawnSync('ip', ['netns', 'delete', namespace]);
  }
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => isAllowed(path.join(folder, program), constants.X_OK));
}

function isAllowed(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}
