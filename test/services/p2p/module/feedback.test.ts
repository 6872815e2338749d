import fc from 'fast-check';
import type { RequestEvents } from '../../../../services/p2p/http';
import { Feedback } from '../../../../services/p2p/module/feedback';
import type { RequestChannel } from '../../../../services/p2p/module/request-channel';
import { VirtualClock } from '../../../net/virtual-clock';

function setUp() {
  const clock = new VirtualClock();
  const requests: RequestEvents[] = [];
  const messages: string[] = [];
  let cancelled = 0;
  const channel: RequestChannel = {
    request: (options, events) => {
      expect([options.method, options.target]).toEqual(['GET', '/feedback']);
      requests.push(events);
      return { cancel: () => void cancelled++ } as never;
    },
    batch: (work) => work(),
  };
  const onMessage = (text: string): void => void messages.push(text);
  const feedback = new Feedback({ channel, clock, onMessage });
  const head = (status = 200): void => requests.at(-1)!.onHead({ status, headers: {} });
  const data = (text: string): void => requests.at(-1)!.onData(Buffer.from(text));
  return { clock, requests, messages, feedback, head, data, cancels: () => cancelled };
}

describe('Feedback', () => {
  it('hands over whole lines, however they are cut', () => {
    const line = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !text.includes('\n') && text !== '');
    fc.assert(
      fc.property(
        fc.array(line),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (lines, cuts) => {
          const { head, messages, requests } = setUp();
          head();
          const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
          for (let at = 0; at < bytes.length;) {
            const size = cuts.next().value;
            requests.at(-1)!.onData(bytes.subarray(at, at + size));
            at += size;
          }
          expect(messages).toEqual(lines);
        },
      ),
    );
  });

  it('drops a line that is too long, and goes on with the next', () => {
    const { head, data, messages } = setUp();
    head();
    for (let i = 0; i < 100; i++) data('x'.repeat(1_000));
    data('\n{"a":1}\n\n');
    expect(messages).toEqual(['{"a":1}']);
  });

  it('asks again when the camera ends it, never one that does not know it', () => {
    const { head, requests, clock, feedback, cancels } = setUp();
    head();
    requests[0]!.onEnd();
    clock.advance(5_000);
    expect(requests).toHaveLength(2);
    head();
    requests[1]!.onFail('reset');
    clock.advance(5_000);
    expect(requests).toHaveLength(3);
    feedback.stop();
    expect(cancels()).toBe(1);

    const old = setUp();
    old.head(404);
    old.data('there is no /feedback\n');
    old.requests[0]!.onEnd();
    old.clock.advance(60_000);
    expect([old.requests.length, old.messages]).toEqual([1, []]);
  });
});
