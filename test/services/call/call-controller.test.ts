import fc from 'fast-check';
import { CallController } from '../../../services/call';
import type { CallControllerOptions } from '../../../services/call';
import { DeviceSessions } from '../../../services/device';
import { talkError } from '../../../services/talk';
import type { TalkSource } from '../../../services/talk';
import { createRecorderSource } from '../../../services/talk';
import { VirtualClock } from '../../net/virtual-clock';
import { Doorbell, DoorbellModule } from './simulated-doorbell';

const device = { id: 'door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const appParams = { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' };

const settled = async (): Promise<void> => {
  for (let i = 0; i < 40; i++) await Promise.resolve();
};

/** Somebody with the app. */
class Caller {
  readonly events: string[] = [];
  readonly module: DoorbellModule;
  readonly call: CallController;
  /** Whether the microphone is held. */
  microphone = false;
  authorise: () => Promise<void> = () => Promise.resolve();

  constructor(
    readonly clock: VirtualClock,
    doorbell: Doorbell,
    viewer = 'a1',
    options: Partial<CallControllerOptions> = {},
  ) {
    this.module = new DoorbellModule(clock, doorbell, viewer);
    const recorder = new Proxy({}, { get: () => () => undefined }) as never;
    const source: TalkSource = createRecorderSource({
      recorder,
      authorise: async () => {
        await this.authorise();
        this.microphone = true;
      },
      release: () => (this.microphone = false),
    });
    let serial = 0;
    this.call = new CallController({
      sessions: new DeviceSessions({ module: this.module, appParams }),
      clock,
      random: { bytes: (length) => new Uint8Array(length).fill(0x10 + ++serial) },
      device,
      source,
      features: { video: false },
      onSoundOn: () => this.events.push('sound on'),
      onSoundBack: () => this.events.push('sound back'),
      onError: ({ reason }) => this.events.push(reason),
      ...options,
    });
  }

  get phase() {
    return this.call.store.phase;
  }

  get end() {
    return this.call.store.end;
  }
}

interface World {
  readonly clock: VirtualClock;
  readonly doorbell: Doorbell;
  readonly caller: Caller;
  pass(ms: number): Promise<void>;
}

async function passOn(clock: VirtualClock, durationMs: number, stepMs = 20): Promise<void> {
  await settled();
  for (let left = durationMs; left > 0; left -= stepMs) {
    clock.advance(Math.min(stepMs, left));
    await settled();
  }
}

async function setUp(options: ConstructorParameters<typeof Doorbell>[1] = {}): Promise<World> {
  const clock = new VirtualClock();
  const doorbell = new Doorbell(clock, options);
  const caller = new Caller(clock, doorbell);
  await caller.call.discover();
  await settled();
  return { clock, doorbell, caller, pass: (ms) => passOn(clock, ms) };
}

async function talking(): Promise<World> {
  const world = await setUp();
  world.caller.call.start();
  await world.pass(100);
  world.doorbell.call.act('answer');
  await world.pass(100);
  expect(world.caller.phase).toBe('talking');
  return world;
}

describe('a call to the camera', () => {
  it('rings, is answered, is heard, and is hung up here', async () => {
    const { caller, doorbell, pass } = await setUp();
    caller.call.start();
    await settled();
    expect([caller.phase, caller.microphone, caller.module.voiceRuns]).toEqual([
      'calling',
      true,
      false,
    ]);
    await pass(100);
    expect(doorbell.call.holder).toBe('a1');
    doorbell.call.act('answer');
    await pass(100);
    expect([caller.phase, caller.module.voiceRuns]).toEqual(['talking', true]);
    expect(caller.events).toEqual(['sound on']);
    caller.call.hangUp();
    await pass(2_000);
    expect([caller.phase, caller.end, caller.microphone, caller.module.voiceRuns]).toEqual([
      'idle',
      'hung-up',
      false,
      false,
    ]);
    expect(doorbell.call.holder).toBeNull();
    expect(caller.module.wire).toEqual(['wx_call_start', 'wx_call_hangup']);
    expect(caller.events).toEqual(['sound on', 'sound back']);
  });

  it('ends when the camera hangs up', async () => {
    const { caller, doorbell, pass } = await talking();
    doorbell.call.act('hang-up');
    await pass(2_000);
    expect([caller.end, caller.microphone, caller.module.voiceRuns]).toEqual([
      'ended',
      false,
      false,
    ]);
    expect(caller.module.wire).toEqual(['wx_call_start']);
  });

  it.each([
    ['reject', 'rejected'],
    ['busy', 'busy'],
  ] as const)('ends when the camera says %s', async (reply, end) => {
    const { caller, doorbell, pass } = await setUp({ reply, replyAfterMs: 500 });
    caller.call.start();
    await pass(1_000);
    expect([caller.phase, caller.end, caller.microphone]).toEqual(['idle', end, false]);
    expect(doorbell.call.holder).toBeNull();
  });

  it('gives up after 60 s, and tells the camera', async () => {
    const { caller, doorbell, pass } = await setUp();
    caller.call.start();
    await pass(59_900);
    expect(caller.phase).toBe('calling');
    await pass(200);
    expect([caller.phase, caller.end]).toEqual(['idle', 'unanswered']);
    expect(caller.module.wire).toEqual(['wx_call_start', 'wx_call_timeout']);
    expect(doorbell.call.holder).toBeNull();
  });

  it('is cancelled before anybody answers', async () => {
    const { caller, doorbell, pass } = await setUp();
    caller.call.start();
    await pass(500);
    caller.call.hangUp();
    await pass(100);
    expect([caller.end, caller.microphone, doorbell.call.holder]).toEqual(['hung-up', false, null]);
    expect(caller.module.wire).toEqual(['wx_call_start', 'wx_call_cancel']);
  });

  it('is busy for a second caller, and while somebody talks', async () => {
    const { clock, doorbell, pass } = await talking();
    const second = new Caller(clock, doorbell, 'b2');
    await second.call.discover();
    second.call.start();
    await pass(100);
    expect(second.end).toBe('busy');
    expect(doorbell.call.holder).toBe('a1');

    const other = await setUp();
    other.doorbell.talker = 'c3';
    other.caller.call.start();
    await other.pass(100);
    expect(other.caller.end).toBe('busy');
  });

  it('asks nothing of the camera without a microphone', async () => {
    const { caller, pass } = await setUp();
    caller.authorise = () => Promise.reject(talkError('microphone-denied', 'no'));
    caller.call.start();
    await pass(100);
    expect([caller.end, caller.events]).toEqual(['failed', ['microphone-denied']]);
    expect(caller.module.wire).toEqual([]);
  });

  it('says that a camera stays silent for 10 s, and cancels', async () => {
    const { caller, pass } = await setUp();
    caller.module.fate = () => 'silent';
    caller.call.start();
    await pass(10_100);
    expect([caller.end, caller.events]).toEqual(['failed', ['request-timeout']]);
    await pass(20_000);
    // Said again, as nobody confirmed it.
    expect(caller.module.wire.slice(1)).toEqual(Array(3).fill('wx_call_cancel'));
    expect(caller.microphone).toBe(false);
  });

  it.each(['garbled', 'nul'] as const)('reads %s answers', async (fate) => {
    const { caller, doorbell, pass } = await setUp();
    caller.module.fate = () => fate;
    caller.call.start();
    await pass(100);
    doorbell.call.act('answer');
    await pass(100);
    expect(caller.phase).toBe('talking');
  });

  it.each([
    ['{"iv_private_cmd":"call_answer"}\0\0', 'connecting'],
    [{ iv_private_cmd: 'call_answer' }, 'connecting'],
    [{ iv_private_cmd: 'call_answer', call_id: 'of the call before' }, 'calling'],
    [{ iv_private_cmd: 'call_busy' }, 'idle'],
    [{ iv_private_cmd: ['call_busy'] }, 'calling'],
    ['{"iv_private', 'calling'],
    ['null', 'calling'],
    [undefined, 'calling'],
    [42, 'calling'],
  ])('takes %p from the camera as what it is', async (message, phase) => {
    const { caller, pass } = await setUp();
    caller.call.start();
    await pass(100);
    caller.module.say('door', message);
    expect(caller.phase).toBe(phase);
  });

  it.each(['preparing', 'calling', 'connecting', 'talking'] as const)(
    'ends when the link is lost while it is %s',
    async (phase) => {
      const { caller, doorbell, pass } = await setUp();
      if (phase === 'preparing') caller.authorise = () => new Promise(() => undefined);
      if (phase === 'connecting')
        caller.module.startVoiceResult = () => new Promise(() => undefined);
      caller.call.start();
      await pass(100);
      if (phase !== 'preparing' && phase !== 'calling') doorbell.call.act('answer');
      await pass(100);
      expect(caller.phase).toBe(phase);
      caller.module.lose('door');
      await pass(100);
      // Nothing was asked of the camera yet: the user may still be answering.
      if (phase === 'preparing') caller.call.hangUp();
      else expect([caller.end, caller.events.at(-1)]).toEqual(['failed', 'connection-lost']);
      await pass(5_000);
      expect([caller.phase, doorbell.call.holder]).toEqual(['idle', null]);
      expect(caller.module.voiceRuns).toBe(false);
      // And the next one works.
      caller.module.startVoiceResult = () => Promise.resolve(0);
      caller.authorise = () => Promise.resolve();
      caller.call.start();
      await pass(100);
      doorbell.call.act('answer');
      await pass(100);
      expect(caller.phase).toBe('talking');
    },
  );

  it('ends with the last words when the component leaves, and gives all back', async () => {
    const { clock, caller, doorbell, pass } = await talking();
    caller.call.close();
    await pass(10_000);
    expect(doorbell.call.holder).toBeNull();
    expect(caller.microphone).toBe(false);
    expect(caller.module.calls.at(-1)).toBe('stopP2PService door');
    caller.call.start();
    await passOn(clock, 100);
    expect(caller.phase).toBe('idle');
  });

  it('sends silence while it is muted, and hears again in the next call', async () => {
    const { caller, pass } = await talking();
    caller.call.setMuted(true);
    expect(caller.call.store.voice.muted).toBe(true);
    caller.call.hangUp();
    await pass(100);
    expect(caller.call.store.voice.muted).toBe(false);
  });
});

describe('a call of the camera', () => {
  it('rings here, is answered, and is hung up by either side', async () => {
    for (const side of ['here', 'there'] as const) {
      const { caller, doorbell, pass } = await setUp();
      doorbell.call.act('ring');
      await pass(100);
      expect([caller.phase, caller.microphone]).toEqual(['ringing', false]);
      caller.call.answer();
      await pass(200);
      expect([caller.phase, doorbell.call.holder]).toEqual(['talking', 'a1']);
      if (side === 'here') caller.call.hangUp();
      else doorbell.call.act('hang-up');
      await pass(2_000);
      expect([caller.end, doorbell.call.holder, caller.microphone]).toEqual([
        side === 'here' ? 'hung-up' : 'ended',
        null,
        false,
      ]);
    }
  });

  it('is rejected here', async () => {
    const { caller, doorbell, pass } = await setUp();
    doorbell.call.act('ring');
    await pass(100);
    caller.call.hangUp();
    await pass(100);
    expect(caller.module.wire).toEqual(['wx_call_reject']);
    expect(caller.end).toBe('hung-up');
    doorbell.call.act('ring');
    await pass(100);
    expect(caller.phase).toBe('ringing');
  });

  it('is missed after 60 s, or when whoever rang has gone', async () => {
    const { caller, doorbell, pass } = await setUp();
    doorbell.call.act('ring');
    await pass(60_100);
    expect(caller.end).toBe('missed');
    await pass(10_000);
    doorbell.call.act('ring');
    await pass(100);
    doorbell.call.act('hang-up');
    await pass(100);
    expect(caller.end).toBe('missed');
  });

  it('is told to the others that somebody has taken it', async () => {
    const { clock, caller, doorbell, pass } = await setUp();
    const second = new Caller(clock, doorbell, 'b2');
    await second.call.discover();
    await pass(100);
    doorbell.call.act('ring');
    await pass(100);
    expect([caller.phase, second.phase]).toEqual(['ringing', 'ringing']);
    second.call.answer();
    await pass(200);
    expect([caller.end, second.phase]).toEqual(['answered-elsewhere', 'talking']);
  });

  it('is refused as busy during another call', async () => {
    const { caller, pass } = await talking();
    caller.module.say('door', { iv_private_cmd: 'call_start', call_id: 'other' });
    await pass(100);
    expect(caller.phase).toBe('talking');
    expect(caller.module.wire.at(-1)).toBe('wx_call_busy');
  });

  it('meets one that goes the other way', async () => {
    const { caller, doorbell, pass } = await setUp();
    caller.call.start();
    doorbell.call.act('ring');
    await pass(200);
    expect([caller.phase, doorbell.call.holder]).toEqual(['talking', 'a1']);
  });

  it('rings for whoever comes while it rings, also after the link was lost', async () => {
    const { caller, doorbell, pass } = await setUp();
    doorbell.call.act('ring');
    await pass(100);
    caller.module.lose('door');
    await pass(100);
    expect(caller.end).toBe('failed');
    // All who were called have gone: nobody rings for nothing.
    doorbell.call.act('ring');
    await pass(2_000);
    expect(caller.phase).toBe('ringing');
  });

  it('goes on ringing when the page is hidden; a call that goes on ends', async () => {
    const { caller, doorbell, pass } = await setUp();
    doorbell.call.act('ring');
    await pass(100);
    caller.call.hide();
    expect(caller.phase).toBe('ringing');
    caller.call.answer();
    await pass(200);
    caller.call.hide();
    expect(caller.end).toBe('hung-up');
  });

  it('is turned down when the microphone is denied', async () => {
    const { caller, doorbell, pass } = await setUp();
    caller.authorise = () => Promise.reject(talkError('microphone-denied', 'no'));
    doorbell.call.act('ring');
    await pass(100);
    caller.call.answer();
    await pass(100);
    expect(caller.module.wire).toEqual(['wx_call_reject']);
    expect(caller.end).toBe('failed');
  });
});

describe('a camera that cannot be called', () => {
  it('is not: neither is it asked nor listened to', async () => {
    const clock = new VirtualClock();
    const caller = new Caller(clock, new Doorbell(clock), 'a1', { features: null });
    await caller.call.discover();
    caller.call.start();
    await settled();
    expect([caller.phase, caller.call.store.availability]).toEqual(['idle', 'none']);
    expect(caller.module.calls).toEqual([]);
  });
});

type Act =
  | 'start'
  | 'answer here'
  | 'hang up here'
  | 'hide'
  | 'lose'
  | 'ring'
  | 'answer'
  | 'reject'
  | 'hang-up';

const ACTS: readonly Act[] = [
  ...(['start', 'answer here', 'hang up here', 'hide', 'lose'] as const),
  ...(['ring', 'answer', 'reject', 'hang-up'] as const),
];

function perform(act: Act, caller: Caller, doorbell: Doorbell): void {
  switch (act) {
    case 'start':
      return caller.call.start();
    case 'answer here':
      return caller.call.answer();
    case 'hang up here':
      return caller.call.hangUp();
    case 'hide':
      return caller.call.hide();
    case 'lose':
      return caller.module.lose('door');
    default:
      return doorbell.call.act(act);
  }
}

it('leaves both sides with the same idea of the call, whatever was done', async () => {
  const step = fc.tuple(fc.constantFrom(...ACTS), fc.integer({ min: 0, max: 2_000 }));
  const fates = fc.infiniteStream(
    fc.oneof(
      { weight: 12, arbitrary: fc.constant('answered' as const) },
      { weight: 1, arbitrary: fc.constant('silent' as const) },
      { weight: 1, arbitrary: fc.constant('garbled' as const) },
    ),
  );
  let talks = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 14 }),
      fates,
      async (steps, fate) => {
        const { caller, doorbell, pass, clock } = await setUp();
        caller.module.fate = () => fate.next().value;
        for (const [act, waitMs] of steps) {
          perform(act, caller, doorbell);
          await pass(Math.ceil(waitMs / 200) * 100);
          if (caller.phase === 'talking') talks++;
        }
        caller.module.fate = () => 'answered';
        await passOn(clock, 15_000, 500);
        // Talking here is talking there, and the microphone is held only where it is needed.
        const isOpen = caller.phase === 'talking';
        expect(doorbell.call.isTalking).toBe(isOpen);
        expect(caller.module.voiceRuns).toBe(isOpen);
        if (caller.phase === 'idle') expect(caller.microphone).toBe(false);
        caller.call.close();
        await passOn(clock, 80_000, 1_000);
        expect([caller.microphone, doorbell.call.holder]).toEqual([false, null]);
      },
    ),
    { numRuns: 300 },
  );
  expect(talks).toBeGreaterThan(50);
}, 60_000);
