import { INITIAL_CALL, stepCall } from '../../../../agents/camera/call/call-machine';
import type { CallEvent, CallState } from '../../../../agents/camera/call/call-machine';

/** What is said to whom, and the state, after all of them. */
function run(...events: readonly CallEvent[]) {
  let state: CallState = INITIAL_CALL;
  const said: string[] = [];
  const accepted: boolean[] = [];
  for (const event of events) {
    const step = stepCall(state, event);
    state = step.state;
    accepted.push(step.accepted);
    for (const effect of step.effects) {
      if (effect.type === 'tell') said.push(`${effect.viewer} ${effect.message}`);
    }
  }
  return { state, said, accepted };
}

const start = (viewer: string): CallEvent => ({
  type: 'start',
  viewer,
  callId: viewer,
  video: false,
});
const press: CallEvent = { type: 'press', callId: 'bell', listeners: ['a', 'b'] };

describe('the camera’s side of a call', () => {
  it('times out by itself, whatever it was', () => {
    expect(run(start('a'), { type: 'timeout' }).said).toEqual(['a call_timeout']);
    expect(run(press, { type: 'timeout' }).said.slice(2)).toEqual([
      'a call_timeout',
      'b call_timeout',
    ]);
    expect(run(start('a'), { type: 'answer' }, { type: 'timeout' }).said).toEqual([
      'a call_answer',
      'a call_hang_up',
    ]);
    expect(run({ type: 'timeout' }).state).toBe(INITIAL_CALL);
  });

  it('does not stop ringing for others when one declines', () => {
    const decline = (viewer: string): CallEvent => ({ type: 'decline', viewer, callId: 'bell' });
    expect(run(press, decline('a')).state.phase).toBe('calling');
    expect(run(press, decline('a'), decline('b')).state.phase).toBe('idle');
    expect(run(press, decline('stranger')).state.phase).toBe('calling');
  });

  it('takes no answer from a second viewer, and lets nobody else hang up', () => {
    const take = (viewer: string): CallEvent => ({ type: 'take', viewer, callId: 'bell' });
    const { accepted, said, state } = run(press, take('a'), take('b'), {
      type: 'leave',
      viewer: 'b',
      callId: null,
    });
    expect(accepted).toEqual([true, true, false, true]);
    expect(said.slice(2)).toEqual(['b call_cancel', 'a call_answer', 'b call_busy']);
    expect([state.phase, state.viewer]).toEqual(['talking', 'a']);
  });

  it('does not end for what was said of another call', () => {
    const leave = (callId: string | null): CallEvent => ({ type: 'leave', viewer: 'a', callId });
    expect(run(start('a'), leave('old')).state.phase).toBe('ringing');
    expect(run(start('a'), leave('a')).state.phase).toBe('idle');
    expect(run(start('a'), leave(null)).state.phase).toBe('idle');
  });
});
