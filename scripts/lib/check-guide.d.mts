/**
 * Whether the checklist has each row of the guide, and each row a test that exists.
 * @returns one sentence for each problem.
 */
export function checkGuide(root: string): string[];
/** The full titles (`describe › it`) of the tests in a file's text. */
export function testTitles(text: string, file: string): string[];
/** @returns one sentence for each problem. */
export function checkRows(
  rows: readonly string[],
  checklist: string,
  titles: ReadonlySet<string>,
): string[];
