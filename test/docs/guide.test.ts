import { checkGuide, checkRows, testTitles } from '../../scripts/lib/check-guide.mjs';
import { ROOT } from './lib/markdown';

describe('the checklist of the guide', () => {
  it('has every row of the guide, and each row its test', () => {
    expect(checkGuide(ROOT)).toEqual([]);
  });

  it('is found wrong where a row or its test is missing', () => {
    const checklist = '| `a` | init › works |\n| `c`  | init › fails   |\n';
    expect(checkRows(['a', 'b'], checklist, new Set(['init › works']))).toEqual([
      'the checklist lacks the guide\'s row "b"',
      'the guide has no row "c"',
      '"c" names a test that is not there: init › fails',
    ]);
  });

  it('counts tests by their full titles, but none that is skipped', () => {
    const text = `
      describe('init', () => {
        it('a', () => {});
        it.each([1])('b %s', () => {});
        it.skip('c', () => {});
        withDevice('d', () => {});
        describe('inner', () => { withDevice.each([1])('e', () => {}); });
        other('f', () => {});
      });`;
    expect(testTitles(text, 'a.ts')).toEqual([
      'init › a',
      'init › b %s',
      'init › d',
      'init › inner › e',
    ]);
  });
});
