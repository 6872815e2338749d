import { Acceptor, keyPairOf, TransportErrorCode } from '../../../../services/p2p/session';
import type { KeyPair } from '../../../../services/p2p/session';
import { ByteWriter } from '../../../../services/p2p/session/bytes';
import { writeFrame } from '../../../../services/p2p/session/frames';
import { InitiatorHandshake, pskOf } from '../../../../services/p2p/session/handshake';
import { Probing } from '../../../../services/p2p/session/probing';
import { retained } from '../../../fuzz/retained';
import { HostileViewer } from '../../../net/hostile-viewer';
import { SeededRandom } from '../../../net/seeded-random';

const SECRET = new Uint8Array(16).fill(7);
const START_MS = 1_700_000_000_000;
const random = new SeededRandom(1);
const cameraKey = keyPairOf(random.bytes(32));

const newCamera = (startedAtMs: number) =>
  new Acceptor({ random, staticKey: cameraKey, accessSecret: SECRET, startedAtMs });

const newHandshake = (
  secret: Uint8Array = SECRET,
  staticKey: KeyPair = keyPairOf(random.bytes(32)),
) =>
  new InitiatorHandshake({
    random,
    staticKey,
    cameraKey: cameraKey.publicKey,
    psk: pskOf(secret, cameraKey.publicKey),
    connectionId: random.bytes(8),
  });

const message1 = (wallMs: number) => newHandshake().writeInitial(wallMs, new Uint8Array(0));

describe('a first message that is played back', () => {
  it('opens no second session, at any time', () => {
    const camera = newCamera(START_MS - 3_600_000);
    const message = message1(START_MS);
    expect(camera.accept(message, START_MS, true).kind).toBe('accepted');
    for (let afterMs = 1; afterMs < 200_000; afterMs += 4999) {
      expect(camera.accept(message, START_MS + afterMs, true).kind).not.toBe('accepted');
    }
  });

  it.each([-60_000, -1, 0, 1, 4999, 5000])(
    'opens none after the camera has restarted, from a viewer %i ms ahead',
    (aheadMs) => {
      const message = message1(START_MS + aheadMs);
      const before = newCamera(START_MS - 3_600_000);
      expect(before.accept(message, START_MS, true).kind).toBe('accepted');
      const startedAtMs = START_MS + 1;
      const restarted = newCamera(startedAtMs);
      for (let afterMs = 0; afterMs < 80_000; afterMs += 2501) {
        expect(restarted.accept(message, startedAtMs + afterMs, true).kind).not.toBe('accepted');
      }
    },
  );

  it('opens none when the time has come that a clock ahead of its own has put into it', () => {
    const camera = newCamera(START_MS - 3_600_000);
    const aheadMs = 3_600_000;
    const message = message1(START_MS + aheadMs);
    expect(camera.accept(message, START_MS, true)).toMatchObject({
      kind: 'refused',
      errorCode: TransportErrorCode.ClockSkew,
    });
    for (let offsetMs = -70_000; offsetMs < 70_000; offsetMs += 2501) {
      const wallMs = START_MS + aheadMs + offsetMs;
      expect(camera.accept(message, wallMs, true).kind).not.toBe('accepted');
    }
  });

  it('is told the camera’s time, by which a genuine viewer gets in at once, right after a start too', () => {
    const camera = newCamera(START_MS);
    const handshake = newHandshake();
    const first = handshake.writeInitial(START_MS + 10, new Uint8Array(0));
    const refused = camera.accept(first, START_MS + 10, true);
    if (refused.kind !== 'refused') throw new Error(refused.kind);
    const toldMs = Number(handshake.readRefusal(refused.packet)!.reason);
    expect(camera.accept(message1(toldMs), START_MS + 20, true).kind).toBe('accepted');
  });

  it('fills no memory, though it is refused as often as one likes', () => {
    const camera = newCamera(START_MS - 3_600_000);
    const small = retained(camera).entries;
    for (let at = 0; at < 10; at++) {
      const stranger = newHandshake(random.bytes(16)).writeInitial(START_MS, new Uint8Array(0));
      expect(camera.accept(stranger, START_MS, true)).toMatchObject({
        kind: 'refused',
        errorCode: TransportErrorCode.AccessDenied,
      });
    }
    expect(retained(camera).entries).toBe(small);
  });
});

describe('probes', () => {
  const packet = (count: number, bytes: number) => {
    const payload = new Uint8Array(bytes);
    const writer = new ByteWriter(payload);
    for (let at = 0; at < count; at++) {
      writeFrame(writer, { type: 'path-challenge', data: random.bytes(8) });
    }
    return payload;
  };
  const leaving = (probing: Probing) => {
    const sizes: number[] = [];
    for (let one = probing.next(); one !== null; one = probing.next())
      sizes.push(one.frames.length);
    return sizes;
  };

  it('answer a packet full of challenges once, and no larger than it was', () => {
    const probing = new Probing(random);
    probing.receive(0, packet(100, 900), 5, 0);
    expect(leaving(probing)).toEqual([900]);
    probing.receive(1, packet(1, 9), 6, 0);
    expect(leaving(probing)).toEqual([9]);
  });

  it('go to an address that nobody has named only as far as what came from it allows', () => {
    const probing = new Probing(random);
    for (let at = 0; at < 10; at++) probing.challenge(5, false, 0);
    expect(leaving(probing)).toEqual([]);
    probing.receive(0, packet(1, 9), 5, 0);
    for (let at = 0; at < 10; at++) probing.challenge(5, false, 0);
    // 38 bytes came: the answer and two challenges of as many.
    expect(leaving(probing)).toEqual([9, 9, 9]);
  });

  it('grow to full size once the address has answered, and only then say that it works', () => {
    const [a, b] = [new Probing(random), new Probing(random)];
    a.challenge(1, true, 0);
    const events: string[] = [];
    for (let now = 0; now < 10; now++) {
      for (const [from, to] of [[a, b] as const, [b, a] as const]) {
        const probe = from.next();
        if (probe === null) continue;
        for (const event of to.receive(probe.packetNumber, probe.frames, 1, now)) {
          if (event.kind === 'answered') events.push(event.full ? 'full' : 'small');
        }
      }
    }
    expect(events).toEqual(['small', 'full']);
  });
});

describe('a viewer that holds the keys', () => {
  it('fills no memory with single bytes that have gaps between them', () => {
    const viewer = new HostileViewer();
    let most = 0;
    for (let round = 0; viewer.close === null && round < 3000; round++) {
      const frames = Array.from({ length: 64 }, (_, at) => ({
        type: 'stream' as const,
        streamId: 4 * at,
        offset: 1 + 2 * round,
        data: Uint8Array.of(1),
        fin: false,
      }));
      viewer.send(frames);
      if (round % 16 === 0) most = Math.max(most, retained(viewer.session).entries);
    }
    expect(viewer.close).toMatchObject({
      kind: 'violation',
      errorCode: TransportErrorCode.ProtocolViolation,
    });
    expect(most).toBeLessThan(12_000);
  });

  it('fills no memory with paths that it opens and gives up, leaving numbers out', () => {
    const viewer = new HostileViewer();
    let pathId = 0;
    for (let turn = 0; turn < 60; turn++) {
      pathId += 4;
      viewer.send([{ type: 'ping' }], { pathId, route: 1 });
      viewer.send([{ type: 'ping' }]);
      viewer.wait(11_000);
    }
    expect(viewer.close).toBeNull();
    expect(viewer.session.connectionIdKeys().length).toBeLessThan(16);
    expect(retained(viewer.session).entries).toBeLessThan(600);
  });

  it('fills no memory by speaking for hours and acknowledging nothing', () => {
    const viewer = new HostileViewer();
    viewer.onStream = (stream) => stream.write(new Uint8Array(100_000));
    const request = { streamId: 0, offset: 0, data: Uint8Array.of(1), fin: false };
    viewer.send([{ type: 'stream', ...request }]);
    let most = 0;
    for (let seconds = 0; seconds < 7200; seconds += 20) {
      viewer.wait(20_000);
      viewer.send([{ type: 'ping' }]);
      viewer.sent.length = 0;
      if (seconds % 800 === 0) most = Math.max(most, retained(viewer.session).entries);
    }
    expect(viewer.close).toBeNull();
    expect(most).toBeLessThan(1000);
  });

  it('turns no data on the address that it opens a path from before that has answered', () => {
    const viewer = new HostileViewer();
    viewer.onStream = (stream) => stream.write(new Uint8Array(200_000));
    const request = { streamId: 0, offset: 0, data: Uint8Array.of(1), fin: false };
    viewer.send([{ type: 'ping' }], { pathId: 1, route: 9 });
    viewer.send([{ type: 'stream', ...request }]);
    viewer.session.setRouteUsable(0, false, viewer.nowMs);
    viewer.wait(9000);
    const bytes = viewer.sent.filter(({ route }) => route === 9);
    // 30 bytes came from there.
    expect(bytes.reduce((sum, one) => sum + one.bytes.length, 0)).toBeLessThanOrEqual(90);
    expect(bytes.length).toBeGreaterThan(0);
  });

  it('is told once, then ever more seldom, that the session is over', () => {
    const viewer = new HostileViewer();
    viewer.session.close(TransportErrorCode.NoError, 'bye');
    for (let at = 0; at < 1000; at++) viewer.send([{ type: 'ping' }]);
    expect(viewer.sent.length).toBeLessThan(15);
  });
});
