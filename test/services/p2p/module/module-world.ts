import { CameraEndpoint } from '../../../../services/p2p/endpoint';
import type { RequestHandler, ResponseWriter } from '../../../../services/p2p/http';
import { createP2PModule, encodeXp2pInfo } from '../../../../services/p2p/module';
import type { P2PModule } from '../../../../services/p2p/module';
import type { LogRecord } from '../../../../services/log';
import { VirtualClock } from '../../../net/virtual-clock';
import { VirtualRelay } from '../../../net/virtual-relay';

export const APP_PARAMS = {
  appid: 1,
  appOauthId: 'a',
  appKey: 'b',
  appSecretKey: 'c',
  appPackage: 'd',
};
export const URL = 'http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?action=live&channel=0&quality=high';
export const ignore = (): void => undefined;

/** A module and a camera that reach each other over a relay, in virtual time. */
export class ModuleWorld {
  readonly clock = new VirtualClock();
  readonly relay = new VirtualRelay(this.clock);
  readonly host = this.relay.createHost(1);
  readonly records: LogRecord[] = [];
  readonly module: P2PModule = createP2PModule(this.host, {
    log: (record) => void this.records.push(record),
  });
  /** What the service and its stream told, but the path. */
  readonly log: string[] = [];
  readonly paths: string[] = [];
  readonly requests: string[] = [];
  readonly secret = new Uint8Array(16).fill(5);
  readonly camera = new CameraEndpoint(this.relay.createHost(2));
  readonly xp2pInfo = encodeXp2pInfo({
    publicKey: this.camera.publicKey,
    accessSecret: this.secret,
    relayUrl: this.relay.url,
    sdkVersion: '2.4.0',
    flags: '',
  });
  handler: RequestHandler | null = null;
  answer: (response: ResponseWriter, path: string) => void = (response) => {
    response.writeHead(200, { 'content-type': 'video/x-flv' });
    response.write(Uint8Array.of(1, 2, 3));
  };

  /** A camera, an initialised module, and a service that has started. */
  static async running(): Promise<ModuleWorld> {
    const world = new ModuleWorld();
    world.startCamera();
    await world.init();
    await world.settle(world.start());
    world.log.length = 0;
    return world;
  }

  startCamera(): void {
    const onRequest: RequestHandler = (request, response) => {
      const query = new URLSearchParams({ ...request.query }).toString();
      this.requests.push(`${request.path}?${query}`);
      if (this.handler === null) this.answer(response, request.path);
      else this.handler(request, response);
    };
    this.camera.listen({ relayUrl: this.relay.url, accessSecret: this.secret, onRequest });
    this.clock.advance(500);
  }

  async init(): Promise<void> {
    await this.module.init({ appParams: APP_PARAMS });
  }

  readonly msgCallback = (event: string, subtype: string, detail?: unknown): void => {
    if (event === 'path') {
      if (this.paths.at(-1) !== subtype) this.paths.push(subtype);
      return;
    }
    const status = (detail as { status?: number } | undefined)?.status;
    this.log.push(`${event} ${subtype}${status === undefined ? '' : ` ${status}`}`);
  };

  readonly dataCallback = (data: ArrayBuffer): void => {
    this.log.push(`data ${new Uint8Array(data).join(',')}`);
  };

  start(xp2pInfo = this.xp2pInfo): Promise<number> {
    const { msgCallback } = this;
    return this.module.startP2PService('cam', { url: URL, xp2pInfo }, { msgCallback });
  }

  /** Lets virtual time pass until `promise` settles. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    for (let i = 0; i < 2000 && !settled; i++) {
      this.clock.advance(50);
      await turn();
    }
    return promise;
  }
}

/** Lets promises settle that wait for no timer. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
