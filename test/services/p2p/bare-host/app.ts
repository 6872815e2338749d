import { createWeappHost } from '../../../../services/host/weapp';
import { createH5Host } from '../../../../services/host/h5';
import { createP2PModule } from '../../../../services/p2p/module';
import { Endpoint } from '../../../../services/p2p/endpoint';
import { sendRequest, serveStream } from '../../../../services/p2p/http';
import { StreamPriority } from '../../../../services/p2p/session';
import { relayProof } from '../../../../services/p2p/transport';
import { decodeUtf8, encodeUtf8 } from '../../../../services/encoding';
import { SessionPair } from '../../../net/session-pair';

/** Bundled and run where nothing but the language is: it leaves what it saw in a global. */
declare const report: (text: string) => void;

const pair = new SessionPair({ up: { delayMs: 10 }, down: { delayMs: 10 } });
pair.camera.onStream = (stream) =>
  serveStream(stream, pair.cameraKey.publicKey, (request, response) => {
    response.end(encodeUtf8(`hello ${request.path} 摄像头`));
  });
let body = '';
let ended = false;
sendRequest(
  pair.viewer.session!,
  { method: 'GET', target: '/ipc.flv?_crypto=off', priority: StreamPriority.Live, early: true },
  {
    onHead: () => undefined,
    onData: (bytes) => (body += decodeUtf8(bytes)),
    onEnd: () => (ended = true),
    onFail: (reason) => (body = reason),
  },
);
pair.start();
pair.clock.runUntil(() => ended, 1000);
const proof = relayProof({
  privateKey: pair.cameraKey.privateKey,
  remoteKey: pair.cameraKey.publicKey,
  peerKey: pair.cameraKey.publicKey,
  nonce: new Uint8Array(32),
  authority: 'relay.example',
});
const imported = [createP2PModule, Endpoint, createH5Host, createWeappHost];
const isWhole = imported.every((value) => typeof value === 'function');
report([isWhole, proof.length, body].join(' '));
