const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 15_000;

/**
 * How long to wait before the next try: doubles from 1 s to 15 s, of which the upper half is random,
 * so that viewers who lost the same relay do not return in step.
 *
 * @param failures failures in a row, the latest included: 1 or more
 * @param jitter a random number, 0 ≤ jitter < 1
 * @returns ms
 */
export function backOffMs(failures: number, jitter: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return Math.round(full * (0.5 + jitter / 2));
}
