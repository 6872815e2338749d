import fc from 'fast-check';
import {
  QUIRKS,
  answerQuirky,
  parseQuirks,
  writeQuirky,
} from '../../../../agents/camera/commands/quirks';
import type { Quirk } from '../../../../agents/camera/commands/quirks';
import { ManualClock } from '../../manual-clock';
import { FakeResponse } from '../fake-response';

const ANSWER = { status: '0', list: [{ size: 7, name: 'a' }], progress: 12 };
const write = (...quirks: Quirk[]): string =>
  Buffer.from(writeQuirky(ANSWER, new Set(quirks))).toString();

describe('writeQuirky', () => {
  it.each<[Quirk[], string]>([
    [[], '{"status":"0","list":[{"size":7,"name":"a"}],"progress":12}'],
    [['strings'], '{"status":"0","list":[{"size":"7","name":"a"}],"progress":"12"}'],
    [['numbers'], '{"status":0,"list":[{"size":7,"name":"a"}],"progress":12}'],
    [['missing'], '{"status":"0","list":[{"size":7}]}'],
    [['nul'], '{"status":"0","list":[{"size":7,"name":"a"}],"progress":12}\0\0\0\0'],
    [['garbled'], '{"status":"0","list":[{"size"'],
    [['strings', 'numbers'], '{"status":0,"list":[{"size":"7","name":"a"}],"progress":"12"}'],
  ])('writes %j', (quirks, text) => {
    expect(write(...quirks)).toBe(text);
  });

  it('leaves everything else of an answer as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = Buffer.from(writeQuirky(value, new Set<Quirk>())).toString();
        expect(text).toBe(JSON.stringify(value));
      }),
    );
  });
});

describe('answerQuirky', () => {
  it('answers late, and not at all to who has gone', () => {
    const clock = new ManualClock();
    const [stays, goes] = [new FakeResponse(), new FakeResponse()];
    for (const response of [stays, goes]) {
      answerQuirky(response, ANSWER, new Set<Quirk>(['slow']), clock);
    }
    goes.onClose!();
    clock.advance(3_000);
    expect([stays.status, goes.status, clock.pendingTimers]).toEqual([200, null, 0]);
  });

  it('keeps silent', () => {
    const clock = new ManualClock();
    const response = new FakeResponse();
    answerQuirky(response, ANSWER, new Set<Quirk>(['silent']), clock);
    clock.advance(60_000);
    expect(response.status).toBeNull();
  });
});

describe('parseQuirks', () => {
  it('reads names with commas between them', () => {
    expect(parseQuirks('nul, slow')).toEqual(new Set(['nul', 'slow']));
    expect(parseQuirks(QUIRKS.join(','))).toEqual(new Set(QUIRKS));
  });

  it.each(['', 'nil', 'nul,,slow'])('refuses "%s"', (text) => {
    expect(() => parseQuirks(text)).toThrow('there is no quirk');
  });
});
