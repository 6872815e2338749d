import { parseCount } from '../../../agents/cli';

describe('parseCount', () => {
  it('reads whole numbers from the smallest allowed on', () => {
    expect(parseCount(0)('0')).toBe(0);
    expect(parseCount(1)('16')).toBe(16);
  });

  it.each(['0', '-1', '1.5', '1e3', 'x', '', ' 1', '2000000000'])('refuses "%s"', (text) => {
    expect(() => parseCount(1)(text)).toThrow('whole number');
  });
});
