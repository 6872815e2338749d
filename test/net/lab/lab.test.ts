import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { PUNCH_MATRIX } from '../punch-matrix';
import { describeInLab } from './describe-in-lab';
import { Lab } from './lab';
import { PeerProcess } from './peer-process';
import { runCommand } from './run-command';
import { GATEWAY, PLAN, folderOf, namespacePrefix } from './topology';

const DEADLINE_MS = 60_000;
/** A machine with something else to do answers late. */
const SLACK_MS = 15;

jest.setTimeout(DEADLINE_MS);

describeInLab('Lab', () => {
  let lab: Lab;
  let a: PeerProcess;
  let b: PeerProcess;

  beforeAll(async () => {
    lab = await Lab.up();
    [, a, b] = await Promise.all([
      PeerProcess.start(lab, 'srv', 'reflect'),
      PeerProcess.start(lab, 'a', 'peer'),
      PeerProcess.start(lab, 'b', 'peer'),
    ]);
  });

  afterAll(async () => {
    await lab?.down();
  });

  describe('its wires', () => {
    afterEach(async () => {
      await lab.impair('A', {});
    });

    it('delay both directions', async () => {
      await lab.impair('A', { delayMs: 20 });
      const { received, minRttMs } = await a.probe(50, 5);
      expect(received).toBe(50);
      expect(minRttMs).toBeGreaterThan(39.5);
      expect(minRttMs).toBeLessThan(40 + SLACK_MS);
    });

    it('delay one direction', async () => {
      await lab.impair('A', { up: { delayMs: 30 } });
      const { minRttMs } = await a.probe(50, 5);
      expect(minRttMs).toBeGreaterThan(29.5);
      expect(minRttMs).toBeLessThan(30 + SLACK_MS);
    });

    it('lose the given share of packets', async () => {
      const before = await lab.stats('A');
      await lab.impair('A', { loss: 0.1 });
      const { sent, received } = await a.probe(1000, 1);
      const after = await lab.stats('A');
      // Nine in ten arrive, and nine in ten of their answers.
      expect(received / sent).toBeGreaterThan(0.76);
      expect(received / sent).toBeLessThan(0.86);
      // The kernel says a word of its own now and then.
      expect(Math.abs(after.up.sent - before.up.sent - sent)).toBeLessThan(3);
      const lost = after.up.lost - before.up.lost + after.down.lost - before.down.lost;
      expect(Math.abs(sent - received - lost)).toBeLessThan(3);
    });

    it('have a bottleneck with a queue', async () => {
      const before = await lab.stats('A');
      // A question is a frame of about 47 bytes: it takes 5 ms, and there is one per ms or two.
      await lab.impair('A', { up: { rate: 10, queueMs: 100 } });
      const { sent, received, minRttMs, medianRttMs } = await a.probe(300, 1);
      const after = await lab.stats('A');
      expect(after.up.overflowed - before.up.overflowed).toBe(sent - received);
      expect(received).toBeLessThan(sent);
      expect(minRttMs).toBeLessThan(5 + SLACK_MS);
      expect(medianRttMs).toBeGreaterThan(90);
    });
  });

  describe('its NATs', () => {
    const ports = async (keepsSocket: boolean) =>
      (await a.map({ keepsSocket })).map((mapped) => mapped?.port);

    it.each([
      ['full', 'one port'],
      ['address-restricted', 'one port'],
      ['port-restricted', 'one port'],
      ['symmetric', 'a port per destination'],
    ] as const)(
      'map a socket of %s to %s, and to others after a restart',
      async (kind, expected) => {
        await lab.setNat('A', kind);
        const before = await ports(false);
        expect(new Set(before).size === 1).toBe(expected === 'one port');
        await lab.rebind('A');
        const after = await ports(true);
        expect(new Set(after).size === 1).toBe(expected === 'one port');
        expect(after).not.toContain(undefined);
        expect(after).not.toEqual(before);
      },
    );

    it('give host a another address when it roams, and the old one when it returns', async () => {
      await lab.setNat('A', 'port-restricted');
      const atHome = await a.map();
      expect(atHome[0]?.address).toBe(PLAN.A.wan);
      await lab.roam('4g');
      const away = await a.map({ keepsSocket: true });
      expect(away[0]?.address).toBe(PLAN.A2.wan);
      await lab.roam('none');
      expect(await a.map({ keepsSocket: true })).toEqual([null, null, null, null]);
      await lab.roam('wifi');
      expect(await a.map({ keepsSocket: true })).toEqual(atHome);
    });

    it('let nothing but UDP be blocked', async () => {
      await lab.setNat('A', 'udp-blocked');
      expect(await a.map()).toEqual([null, null, null, null]);
      const answer = lab.run('a', process.execPath, [
        '-e',
        `require('net').connect(9, '${GATEWAY}').on('error', (error) => console.log(error.code))`,
      ]);
      await expect(answer).resolves.toBe('ECONNREFUSED\n');
    });
  });

  describe('hole punching', () => {
    it.each([...PUNCH_MATRIX, ['udp-blocked', 'full', 'none'] as const])(
      '%s with %s: %s',
      async (natA, natB, expected) => {
        if (lab.natOf('A') !== natA) await lab.setNat('A', natA);
        if (lab.natOf('B') !== natB) await lab.setNat('B', natB);
        const [mappedA, mappedB] = await Promise.all([a.map(), b.map()]);
        const results = await Promise.all([a.punch(mappedB), b.punch(mappedA)]);
        const isConnected = results.map(({ connected }) => connected !== null);
        expect(isConnected).toEqual(expected === 'none' ? [false, false] : [true, true]);
        const isReflexive = results.some(({ isPeerReflexive }) => isPeerReflexive);
        expect(isReflexive).toBe(expected === 'reflexive');
      },
    );
  });

  it('goes away with the process that started it, even if that is killed', async () => {
    const holder = spawn(
      process.execPath,
      ['--import', require.resolve('tsx'), path.join(__dirname, 'lab-holder.ts')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const name = await new Promise<string>((resolve) =>
      createInterface({ input: holder.stdout }).once('line', resolve),
    );
    expect(existsSync(folderOf(name))).toBe(true);
    expect(await runCommand('ip', ['netns', 'list'])).toContain(`${namespacePrefix(name)}-`);
    holder.kill('SIGKILL');
    for (let i = 0; i < 100 && existsSync(folderOf(name)); i++) await sleep(50);
    expect(existsSync(folderOf(name))).toBe(false);
    expect(await runCommand('ip', ['netns', 'list'])).not.toContain(`${namespacePrefix(name)}-`);
    // Ours, which ran at the same time, is none the worse.
    expect(await b.map()).not.toContain(null);
  });
});
