import { missingForLab } from './missing-for-lab';

/** With this set a machine that cannot run the lab fails the tests: for CI that installs what it takes. */
const IS_REQUIRED = process.env.REQUIRE_LAB === '1';

/** `describe` for tests that need the lab: they are left out, loudly, where it cannot run. */
export function describeInLab(name: string, tests: () => void): void {
  const missing = missingForLab();
  if (missing.length > 0) {
    console.warn(
      `THE NETWORK LAB WAS NOT RUN: "${name}" was not tested on real sockets.\n` +
        `This machine lacks ${missing.join(', ')}.`,
    );
  }
  (IS_REQUIRED ? describe : describe.skip)('the machine', () => {
    it('has what the lab needs', () => {
      expect(missing).toEqual([]);
    });
  });
  (missing.length === 0 ? describe : describe.skip)(name, tests);
}
