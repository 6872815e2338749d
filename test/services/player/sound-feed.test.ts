import { PlayerWorld, settled } from './player-world';
import { FakeSink } from '../../standins/fake-sink';

const PICTURES = 'action=live-mjpg&channel=0';
const SOUND = 'action=live-audio&channel=0';
const CAMERA = { id: 'door', xp2pInfo: 'XP2Pdoor%2.4.0m' };
const STREAM = { channel: 0, quality: 'high' } as const;
const HEADERS = { 'content-type': 'multipart/x-mixed-replace; boundary=p' };

/** Messages and bytes of one of the two streams that the camera carries. */
class TwoStreams {
  constructor(private readonly world: PlayerWorld) {}

  private stream(params: string) {
    const found = this.world.streams.get(params);
    if (found === undefined) throw new Error(`nobody has asked for ${params}`);
    return found;
  }

  parsed(params: string, status = 200): void {
    this.stream(params).msgCallback?.('notify', 'parsed', { status, headers: HEADERS });
  }

  fail(params: string): void {
    this.stream(params).msgCallback?.('notify', 'fail', { status: 200, type: 'reset' });
  }

  data(params: string, bytes = 10): void {
    this.stream(params).dataCallback(new ArrayBuffer(bytes));
  }
}

async function setUp({ withSound = true, onlyAudio = false } = {}) {
  const world = new PlayerWorld();
  const camera = new TwoStreams(world);
  const { player, sink, store } = world.player();
  const speaker = new FakeSink();
  speaker.auto = true;
  if (withSound) player.attachSoundSink(speaker);
  player.start({ device: CAMERA, stream: { ...STREAM, onlyAudio } });
  await settled();
  world.module.service('door').resolve();
  await settled();
  return { world, camera, player, sink, speaker, store };
}

async function playing() {
  const parts = await setUp();
  parts.camera.parsed(PICTURES);
  parts.camera.data(PICTURES);
  parts.sink.events!.onFirstFrame();
  parts.camera.parsed(SOUND);
  parts.camera.data(SOUND, 7);
  return parts;
}

describe('a camera that sends sound and pictures apart', () => {
  it('is asked for both on one connection, the pictures first', async () => {
    const { world } = await setUp();
    expect(world.module.calls).toEqual([
      'init',
      'startP2PService door',
      `startStream door ${PICTURES}`,
      `startStream door ${SOUND}`,
    ]);
  });

  it('gets each to its place, and the headers to the pictures', async () => {
    const { sink, speaker, store } = await playing();
    expect(sink.written).toBe(10);
    expect(sink.headers).toEqual(HEADERS);
    expect(speaker.written).toBe(7);
    expect(store.status.kind).toBe('playing');
  });

  it('plays pictures alone where there is nothing for the sound', async () => {
    const { world, camera, sink, store } = await setUp({ withSound: false });
    camera.parsed(PICTURES);
    camera.data(PICTURES);
    sink.events!.onFirstFrame();
    expect(store.status.kind).toBe('playing');
    expect(world.count(`startStream door ${SOUND}`)).toBe(0);
  });

  it('plays on, and does not ask again, where the camera has no sound', async () => {
    const { world, camera, sink, speaker, store } = await setUp();
    camera.parsed(PICTURES);
    camera.data(PICTURES);
    sink.events!.onFirstFrame();
    camera.parsed(SOUND, 404);
    expect(speaker.calls.at(-1)).toBe('close');
    for (let i = 0; i < 60; i++) {
      camera.data(PICTURES);
      world.clock.advance(1_000);
    }
    expect(store.status.kind).toBe('playing');
    expect(world.count(`startStream door ${SOUND}`)).toBe(1);
  });

  it('asks for sound that broke off again, by itself, and the pictures know nothing of it', async () => {
    const { world, camera, store } = await playing();
    camera.fail(SOUND);
    expect(store.status.kind).toBe('playing');
    world.clock.advance(1_000);
    await settled();
    expect(world.count(`startStream door ${SOUND}`)).toBe(2);
    expect(world.count(`startStream door ${PICTURES}`)).toBe(1);
  });

  it('asks again for sound that stays away, and not for sound that never came', async () => {
    const { world, camera } = await playing();
    const pass = (seconds: number, sounds: boolean): void => {
      for (let i = 0; i < seconds; i++) {
        camera.data(PICTURES);
        if (sounds) camera.data(SOUND);
        world.clock.advance(1_000);
      }
    };
    pass(30, false);
    expect(world.count(`startStream door ${SOUND}`)).toBe(1);
    pass(25, true);
    pass(25, false);
    await settled();
    expect(world.count(`startStream door ${SOUND}`)).toBe(2);
  });

  it.each(['pause', 'stop', 'close'] as const)('ends both by %s', async (act) => {
    const { world, player } = await playing();
    player[act]();
    await settled();
    expect([...world.streams.keys()]).toEqual([]);
    if (act !== 'pause') expect(world.count('stopP2PService')).toBe(1);
    if (act !== 'pause') expect(world.clock.pendingTimers).toBe(0);
  });

  it('begins both anew on retry', async () => {
    const { world, player } = await playing();
    player.retry();
    await settled();
    expect([...world.streams.keys()].sort()).toEqual([SOUND, PICTURES].sort());
    expect(world.count('startStream')).toBe(4);
  });

  it('mutes the sound, not the pictures, and begins sound that waits for a tap', async () => {
    const { world, player, speaker, store } = await playing();
    player.setMuted(false);
    expect(speaker.muted).toBe(false);
    speaker.events!.onMuted(true);
    expect(store.muted).toBe(true);
    speaker.events!.onBlocked();
    expect(store.status.kind).toBe('playing');
    player.setMuted(false);
    await settled();
    expect(world.count(`startStream door ${SOUND}`)).toBe(2);
    player.setVolume(0.5);
    expect(speaker.volume).toBe(0.5);
  });

  it('leaves the sound of another player alone when its pictures are insisted on', async () => {
    const { world, camera, player, store } = await setUp({ onlyAudio: true });
    camera.parsed(SOUND);
    camera.data(SOUND);
    const other = world.player();
    other.player.start({ device: CAMERA, stream: STREAM });
    await settled();
    other.player.pause();
    other.player.play();
    await settled();
    expect([...world.streams.keys()].sort()).toEqual([SOUND, PICTURES].sort());
    expect(store.status.kind).toBe('playing');
    player.close();
  });

  it('asks for nothing but sound where only that is wanted', async () => {
    const { world, camera, sink, store } = await setUp({ onlyAudio: true });
    camera.parsed(SOUND);
    camera.data(SOUND);
    expect(world.count(`startStream door ${PICTURES}`)).toBe(0);
    expect(sink.written).toBe(10);
    expect(store.status.kind).toBe('playing');
  });
});

describe('a surface that takes the place of another', () => {
  it('is made ready, and gets a stream from its beginning', async () => {
    const { world, player } = await playing();
    const other = new FakeSink();
    other.auto = true;
    player.attachSink(other);
    await settled();
    expect(other.calls.slice(-2)).toEqual(['open', 'play']);
    expect(world.count(`startStream door ${PICTURES}`)).toBe(2);
  });
});
