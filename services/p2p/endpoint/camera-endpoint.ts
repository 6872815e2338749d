import { CameraListener } from './camera-listener';
import { Endpoint } from './endpoint';
import type { Listener, ListenOptions } from './types';

/** A camera's endpoint, which accepts connections too. Its own file, so that viewers do not ship it. */
export class CameraEndpoint extends Endpoint {
  /**
   * Registers at a relay and accepts viewers until `close`; a lost relay is dialled again for ever.
   * @throws RangeError when the relay's URL is malformed.
   */
  listen(options: ListenOptions): Listener {
    return this.use((onEnd) => {
      return new CameraListener({
        ...options,
        host: this.host,
        staticKey: this.staticKey,
        relays: this.relays,
        network: this.openNetwork(options.relayUrl),
        onInternalError: this.onInternalError,
        onEnd,
      });
    });
  }
}
