import { Feedback } from '../../../../agents/camera/feedback/feedback';
import type { IncomingRequest } from '../../../../services/p2p/http';
import { FakeResponse } from '../fake-response';

function setUp() {
  const feedback = new Feedback();
  const events: string[] = [];
  feedback.onListener = (viewer) => events.push(`${viewer} listens`);
  feedback.onLeft = (viewer) => events.push(`${viewer} left`);
  const listen = (viewer: string): FakeResponse => {
    const response = new FakeResponse();
    const peerKey = Buffer.from(viewer, 'hex');
    feedback.open({ peerKey } as unknown as IncomingRequest, response);
    return response;
  };
  return { feedback, events, listen };
}

describe('Feedback', () => {
  it('writes a line a message, to the one it is meant for', () => {
    const { feedback, listen, events } = setUp();
    const [a, b] = [listen('aa'), listen('bb')];
    feedback.tell('aa', { iv_private_cmd: 'call_answer' });
    feedback.tell('aa', { iv_private_cmd: 'call_hang_up' });
    feedback.tell('cc', { iv_private_cmd: 'call_busy' });
    expect(a.text).toBe('{"iv_private_cmd":"call_answer"}\n{"iv_private_cmd":"call_hang_up"}\n');
    expect([a.status, b.text]).toEqual([200, '']);
    a.onClose!();
    expect([events, feedback.viewers]).toEqual([['aa listens', 'bb listens', 'aa left'], ['bb']]);
  });

  it('keeps the newest of many of one viewer, and tells who left once', () => {
    const { listen, events } = setUp();
    const responses = Array.from({ length: 6 }, () => listen('aa'));
    expect(responses.map(({ ended }) => ended)).toEqual([true, true, ...Array(4).fill(false)]);
    expect(events).not.toContain('aa left');
    for (const response of responses) response.onClose!();
    expect(events.filter((event) => event === 'aa left')).toHaveLength(1);
  });

  it('is bounded: in viewers, and in what waits for one that does not read', () => {
    const { feedback, listen } = setUp();
    const slow = listen('00');
    slow.stalled = true;
    for (let i = 0; i < 10_000 && !slow.ended; i++) feedback.tell('00', { text: 'x'.repeat(100) });
    expect(slow.ended).toBe(true);
    expect(slow.bufferedBytes()).toBeLessThan(70 * 1024);
    for (let i = 0; i < 64; i++) listen((i + 16).toString(16));
    expect(() => listen('ff')).toThrow(/too many/);
    feedback.close();
    expect(feedback.viewers).toEqual([]);
  });
});
