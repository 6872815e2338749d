import fc from 'fast-check';
import { DeviceSessions } from '../../../services/device';
import { IotError } from '../../../services/errors';
import type { XP2PCommandResult } from '../../../services/p2p/module';
import {
  createRecorderSource,
  PusherSource,
  TalkController,
  talkError,
} from '../../../services/talk';
import type { TalkControllerOptions, TalkSource } from '../../../services/talk';
import { talkMachine } from '../../../services/talk/talk-machine';
import type { TalkEvent } from '../../../services/talk/talk-machine';
import { INITIAL_TALK_STATE } from '../../../services/talk/talk-state';
import { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule, iotError } from '../../standins/fake-p2p-module';

const device = { id: 'door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const appParams = { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' };

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

class TalkModule extends FakeP2PModule {
  deviceStatus = '0';

  override startP2PService(...args: Parameters<FakeP2PModule['startP2PService']>): Promise<number> {
    const starting = super.startP2PService(...args);
    this.service(args[0]).resolve();
    return starting;
  }

  override sendCommand(): Promise<XP2PCommandResult> {
    this.calls.push('sendCommand');
    const data = `[{"status":"${this.deviceStatus}","appConnectNum":"1"}]\0`;
    return Promise.resolve({ type: 'success', status: 200, data, errcode: 0, errmsg: '' });
  }
}

function setUp(options: Partial<TalkControllerOptions> = {}) {
  const module = new TalkModule();
  const clock = new VirtualClock();
  const events: string[] = [];
  const recorder = new Proxy({}, { get: () => () => undefined }) as never;
  const source: TalkSource = createRecorderSource({
    recorder,
    authorise: () => {
      events.push('authorise');
      return Promise.resolve();
    },
    release: () => events.push('release'),
  });
  const talk = new TalkController({
    sessions: new DeviceSessions({ module, appParams }),
    clock,
    device,
    source,
    onPlayerAway: () => events.push('away'),
    onPlayerBack: () => events.push('back'),
    onError: ({ reason }) => events.push(reason),
    ...options,
  });
  return { module, clock, talk, events, store: talk.store };
}

async function sending(options: Partial<TalkControllerOptions> = {}) {
  const parts = setUp(options);
  parts.talk.start();
  await settled();
  expect(parts.store.phase).toBe('sending');
  return parts;
}

describe('TalkController', () => {
  it('starts in the guide’s order: permission, camera, player, request', async () => {
    const { module, events } = await sending();
    expect(events).toEqual(['authorise', 'away']);
    expect(module.calls).toEqual([
      'init',
      'startP2PService door',
      'sendCommand',
      'startVoice door',
    ]);
  });

  it('ends after the last sound, frees the microphone and brings the player back', async () => {
    const { module, talk, events, store, clock } = await sending();
    talk.stop();
    await settled();
    expect(store.phase).toBe('idle');
    expect(events).toEqual(['authorise', 'away', 'release', 'back']);
    expect(module.calls.at(-1)).toBe('stopVoice door');
    clock.advance(5_000);
    expect(module.calls.at(-1)).toBe('stopP2PService door');
  });

  it('does not begin while somebody else talks, and says so', async () => {
    const { module, talk, events, store } = setUp();
    module.deviceStatus = '1';
    talk.start();
    await settled();
    expect(store.phase).toBe('idle');
    expect(store.error?.reason).toBe('talk-busy');
    expect(events).toEqual(['authorise', 'release', 'talk-busy']);
    expect(module.calls).not.toContain('startVoice door');
  });

  it('takes a camera’s 503 for busy, its 404 for no loudspeaker', async () => {
    for (const [status, reason] of [
      [503, 'talk-busy'],
      [404, 'talk-unsupported'],
      [415, 'voice-rejected'],
    ] as const) {
      const { module, talk, store } = setUp();
      const init = { code: -2601, phase: 'voice', reason: 'voice-rejected' } as const;
      const error = new IotError({ ...init, message: '', retryable: true, status });
      module.startVoiceResult = () => Promise.reject(error);
      talk.start();
      await settled();
      expect(store.error?.reason).toBe(reason);
    }
  });

  it('says that the microphone is denied, and asks nothing of the camera', async () => {
    const { module, talk, store } = setUp({
      source: {
        authorise: () => Promise.reject(talkError('recorder-failed', 'denied')),
        start: () => Promise.resolve(),
        stop: () => undefined,
      },
    });
    talk.start();
    await settled();
    expect(store.error?.reason).toBe('recorder-failed');
    expect(module.calls).toEqual([]);
  });

  it('ends when something else takes the microphone, but not when the recorder is renewed', async () => {
    const { module, store, events } = await sending();
    const { voice } = module.service('door');
    voice!.onStop!({ willRestart: true });
    await settled();
    expect(store.phase).toBe('sending');
    voice!.onPause!({ inInterruption: true });
    expect(store.phase).toBe('idle');
    expect(store.error?.reason).toBe('talk-interrupted');
    expect(events.slice(2)).toEqual(['release', 'back', 'talk-interrupted']);
    expect(module.calls.at(-1)).toBe('stopVoice door');
  });

  it('tells the module’s reason when the voice ends by itself', async () => {
    const { module, store } = await sending();
    const { voice } = module.service('door');
    voice!.onStop!({ willRestart: false });
    voice!.onError!(iotError('stream-ended'));
    await settled();
    expect(store.error?.reason).toBe('stream-ended');
  });

  it('ends with the connection, and can begin anew', async () => {
    const { module, talk, store } = await sending();
    module.disconnect('door', iotError('connection-lost'));
    await settled();
    expect(store.error?.reason).toBe('connection-lost');
    talk.start();
    await settled();
    expect(store.phase).toBe('sending');
    expect(store.error).toBeNull();
  });

  it('talks again when the finger is back before the last talk has ended', async () => {
    const { module, talk, store } = await sending();
    const { voice } = module.service('door');
    module.service('door').voice = null;
    talk.stop();
    talk.start();
    await settled();
    expect(store.phase).toBe('stopping');
    voice!.onStop!({ willRestart: false });
    await settled();
    expect(store.phase).toBe('sending');
  });

  it('writes a pusher’s FLV, repaired, and asks it for less when the network is slow', async () => {
    const pushes: string[] = [];
    const source = new PusherSource({
      pusher: {
        start: () => pushes.push('start'),
        stop: () => pushes.push('stop'),
        setProfile: (profile) => pushes.push(profile),
      },
      authorise: () => Promise.resolve(),
      wallMs: () => 0,
    });
    const { module, talk, store, clock } = setUp({ source });
    let bufferedBytes = 0;
    Object.defineProperty(module.voiceWriter, 'bufferedBytes', { get: () => bufferedBytes });
    talk.start();
    await settled();
    expect([store.phase, pushes]).toEqual(['starting', ['start']]);
    source.onHeader(Uint8Array.of(0x46, 0x4c, 0x56, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0).buffer);
    await settled();
    expect(store.phase).toBe('sending');
    expect(new Uint8Array(module.voiceChunks[0]!)[4]).toBe(4);
    bufferedBytes = 600_000;
    clock.advance(4_000);
    expect([store.profile, pushes.at(-1)]).toEqual(['low', 'low']);
    bufferedBytes = 0;
    clock.advance(4_000);
    expect(store.profile).toBe('high');
    source.onTag({ data: new ArrayBuffer(3), clockMs: 0 });
    expect([store.phase, store.error?.reason, pushes.at(-1)]).toEqual([
      'idle',
      'bad-parameter',
      'stop',
    ]);
  });

  it('gives everything back when it is closed', async () => {
    const { module, talk, clock } = await sending();
    talk.close();
    await settled();
    clock.advance(10_000);
    expect(module.services.size).toBe(0);
    talk.start();
    await settled();
    expect(talk.store.phase).toBe('idle');
  });
});

describe('talkMachine', () => {
  const attempt = fc.integer({ min: 0, max: 4 });
  const error = iotError('internal');
  const event: fc.Arbitrary<TalkEvent> = fc.oneof(
    fc.constantFrom<TalkEvent>({ type: 'start' }, { type: 'stop' }, { type: 'denied', error }),
    fc.record({
      type: fc.constantFrom<'authorised' | 'free' | 'started' | 'over' | 'timeout'>(
        'authorised',
        'free',
        'started',
        'over',
        'timeout',
      ),
      attempt,
    }),
    fc.record({ type: fc.constant('failed' as const), attempt, error: fc.constant(error) }),
  );

  it('holds microphone, player and line only while it talks, in any order of events', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state = INITIAL_TALK_STATE;
        const held = { microphone: 0, player: 0, line: 0 };
        for (const next of events) {
          const step = talkMachine(state, next);
          state = step.state;
          for (const { type } of step.effects) {
            if (type === 'authorise') held.microphone++;
            if (type === 'free-microphone') held.microphone--;
            if (type === 'player-away') held.player++;
            if (type === 'player-back') held.player--;
            if (type === 'begin') held.line++;
            if (type === 'hang-up') held.line--;
          }
          const { phase } = state;
          expect(held.microphone).toBe(phase === 'idle' ? 0 : 1);
          expect(held.player).toBe(['starting', 'sending', 'stopping'].includes(phase) ? 1 : 0);
          expect(held.line).toBe(['starting', 'sending'].includes(phase) ? 1 : 0);
        }
        const stopped = talkMachine(state, { type: 'stop' }).state.phase;
        expect(['idle', 'stopping']).toContain(stopped);
      }),
      { numRuns: 500 },
    );
  });
});
