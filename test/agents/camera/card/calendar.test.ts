import fc from 'fast-check';
import { Calendar } from '../../../../agents/camera/card/calendar';

const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  // Clocks went from 0:00 to 1:00 there: midnight did not exist.
  'America/Sao_Paulo',
  // Left out 30 December 2011.
  'Pacific/Apia',
];

const hours = ({ startS, endS }: { startS: number; endS: number }): number =>
  (endS - startS) / 3600;

describe('Calendar', () => {
  it('knows days of 23, 24 and 25 hours', () => {
    const berlin = new Calendar('Europe/Berlin');
    expect(hours(berlin.day(20260328))).toBe(24);
    expect(hours(berlin.day(20260329))).toBe(23);
    expect(hours(berlin.day(20261025))).toBe(25);
    expect(berlin.day(20261123).startS).toBe(Date.UTC(2026, 10, 22, 23) / 1000);
    expect(hours(new Calendar('Australia/Lord_Howe').day(20261004))).toBe(23.5);
  });

  it('knows days without midnight, and a day that never was', () => {
    const saoPaulo = new Calendar('America/Sao_Paulo').day(20181104);
    expect(saoPaulo.startS).toBe(Date.UTC(2018, 10, 4, 3) / 1000);
    expect(hours(saoPaulo)).toBe(23);
    expect(hours(new Calendar('Pacific/Apia').day(20111230))).toBe(0);
  });

  it('gives each moment one day', () => {
    const moment = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), moment, (zone, ms) => {
        const calendar = new Calendar(zone);
        const date = calendar.dateAt(ms);
        const { startS, endS } = calendar.day(date);
        expect(startS * 1000).toBeLessThanOrEqual(ms);
        expect(ms).toBeLessThan(endS * 1000);
        expect(calendar.dateAt(startS * 1000)).toBe(date);
        expect(calendar.dateAt(startS * 1000 - 1)).toBeLessThan(date);
        expect(calendar.dateAt(endS * 1000 - 1)).toBe(date);
        expect(calendar.dateAt(endS * 1000)).toBeGreaterThan(date);
      }),
    );
  });

  it('takes the machine’s zone, and refuses unknown ones', () => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    expect(new Calendar().timeZone).toBe(timeZone);
    expect(() => new Calendar('Mars/Olympus')).toThrow(
      expect.objectContaining({ code: -2000, field: 'timeZone' }),
    );
  });
});
