import { readReply, wordsOf } from '../../../services/ptz/ptz-dialect';
import { nextPtzWakeMs, ptzMachine } from '../../../services/ptz/ptz-machine';
import type { PtzEvent } from '../../../services/ptz/ptz-machine';
import { INITIAL_PTZ_STATE } from '../../../services/ptz/ptz-state';
import type { PtzMachineOptions, PtzReply } from '../../../services/ptz/ptz-state';

const HOLD: PtzMachineOptions = { drive: 'hold', releaseDelayMs: 500, refreshMs: 4_000 };
const STEP: PtzMachineOptions = { drive: 'step', releaseDelayMs: 500, refreshMs: 400 };
const OK: PtzReply = { kind: 'answered', problem: null, apex: false };

/** A machine whose commands are answered at once, or by hand. */
class Driver {
  state = INITIAL_PTZ_STATE;
  nowMs = 0;
  readonly sent: string[] = [];
  reply: PtzReply | null = OK;
  apexes = 0;

  constructor(private readonly options: PtzMachineOptions = HOLD) {}

  do(event: PtzEvent): void {
    const { state, effects } = ptzMachine(this.state, event, this.nowMs, this.options);
    this.state = state;
    for (const effect of effects) {
      if (effect.type === 'apex') this.apexes++;
      else {
        this.sent.push(wordsOf(effect.command, 'json').cmd.replace('ptz_', ''));
        const { reply } = this;
        if (reply !== null) this.do({ type: 'replied', number: effect.number, reply });
      }
    }
  }

  press(direction: 'up' | 'left'): void {
    this.do({ type: 'press', direction, speed: null });
  }

  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let at = nextPtzWakeMs(this.state); at !== null && at <= untilMs;) {
      this.nowMs = at;
      this.do({ type: 'tick' });
      at = nextPtzWakeMs(this.state);
    }
    this.nowMs = untilMs;
  }
}

describe('ptzMachine', () => {
  it('releases 500 ms after the finger, or at once', () => {
    const seed = new Driver();
    seed.press('up');
    seed.do({ type: 'lift' });
    seed.pass(499);
    expect(seed.sent).toEqual(['up_press']);
    seed.pass(1);
    expect(seed.sent).toEqual(['up_press', 'release_pre']);
    const quick = new Driver({ ...HOLD, releaseDelayMs: 0 });
    quick.press('up');
    quick.do({ type: 'lift' });
    expect(quick.sent).toEqual(['up_press', 'release_pre']);
  });

  it('sends no release when the finger is back in time', () => {
    const driver = new Driver();
    driver.press('up');
    driver.do({ type: 'lift' });
    driver.pass(400);
    driver.press('left');
    driver.pass(1_000);
    expect(driver.sent).toEqual(['up_press', 'left_press']);
  });

  it('lets the last wish win while a command is on its way', () => {
    const driver = new Driver();
    driver.reply = null;
    driver.press('up');
    driver.press('left');
    driver.press('up');
    driver.press('left');
    expect(driver.sent).toEqual(['up_press']);
    driver.do({ type: 'replied', number: 1, reply: OK });
    expect(driver.sent).toEqual(['up_press', 'left_press']);
  });

  it('repeats a press that is held, and a release until it is answered', () => {
    const driver = new Driver();
    driver.press('up');
    driver.pass(8_000);
    expect(driver.sent).toEqual(['up_press', 'up_press', 'up_press']);
    driver.reply = { kind: 'unanswered' };
    driver.do({ type: 'cancel' });
    driver.pass(3_000);
    const tries = driver.sent.length - 3;
    expect(tries).toBeGreaterThan(3);
    driver.reply = OK;
    driver.pass(4_000);
    expect(driver.state.driving).toBe(false);
    const { length } = driver.sent;
    driver.pass(60_000);
    expect(driver.sent).toHaveLength(length);
  });

  it('repeats steps while held where there is no release', () => {
    const driver = new Driver(STEP);
    driver.press('left');
    driver.pass(900);
    driver.do({ type: 'lift' });
    driver.pass(5_000);
    expect(driver.sent).toEqual(['left', 'left', 'left']);
  });

  it('stops a drive before it goes somewhere', () => {
    const driver = new Driver();
    driver.press('up');
    driver.do({ type: 'go', to: { kind: 'home' } });
    driver.pass(5_000);
    expect(driver.sent).toEqual(['up_press', 'release_pre', 'home']);
  });

  it('goes round presets until a hand wants something else', () => {
    const driver = new Driver();
    driver.do({ type: 'cruise', presets: [3, 5], dwellMs: 10_000 });
    driver.pass(25_000);
    expect(driver.sent).toEqual(['preset_go', 'preset_go', 'preset_go']);
    driver.press('up');
    driver.do({ type: 'cancel' });
    driver.pass(60_000);
    expect(driver.sent.slice(3)).toEqual(['up_press', 'release_pre']);
  });

  it('lets the end of the way be felt once', () => {
    const driver = new Driver();
    driver.reply = { ...OK, apex: true };
    driver.press('up');
    driver.pass(9_000);
    expect([driver.apexes, driver.state.apex]).toEqual([1, 'up']);
    driver.reply = OK;
    driver.press('left');
    expect(driver.state.apex).toBeNull();
  });

  it('forgets everything when the connection is lost', () => {
    const driver = new Driver();
    driver.reply = null;
    driver.press('up');
    driver.do({ type: 'lost' });
    expect(driver.state).toMatchObject({ hand: null, driving: false, problem: 'lost' });
    expect(nextPtzWakeMs(driver.state)).toBeNull();
  });
});

describe('readReply', () => {
  const list = { kind: 'preset-list' } as const;

  it('takes an answer without sense for an answer, silence for none', () => {
    expect(readReply({ kind: 'malformed', text: '{' }, list)).toEqual(OK);
    expect(readReply({ kind: 'no-answer', reason: 'timeout' }, list).kind).toBe('unanswered');
    expect(readReply({ kind: 'refused', httpStatus: 404, text: '' }, list)).toMatchObject({
      problem: 'unsupported',
    });
  });

  it('reads presets, and leaves out what is none', () => {
    const body = {
      status: '0',
      preset_list: [{ preset: '2', name: 'Gate' }, { preset: 1 }, { preset: 'x' }, null, 7],
    };
    expect(readReply({ kind: 'answer', body, status: 0 }, list)).toMatchObject({
      presets: [
        { id: 1, name: '' },
        { id: 2, name: 'Gate' },
      ],
    });
  });

  it('reads apex as devices write it', () => {
    const apexOf = (apex: unknown) =>
      readReply({ kind: 'answer', body: { apex }, status: null }, { kind: 'release' });
    expect(apexOf('yes')).toMatchObject({ apex: true, problem: null });
    expect(apexOf('no')).toMatchObject({ apex: false });
  });
});

describe('wordsOf', () => {
  it('speaks the dialects', () => {
    const press = { kind: 'press', direction: 'up', speed: 4 } as const;
    const step = { kind: 'step', direction: 'up', speed: null } as const;
    expect(wordsOf(press, 'json')).toEqual({ cmd: 'ptz_up_press', fields: { speed: 4 } });
    expect(wordsOf(step, 'plain').cmd).toBe('ptz_up');
    expect(wordsOf(step, 'plain-top-bottom').cmd).toBe('ptz_top');
  });
});
