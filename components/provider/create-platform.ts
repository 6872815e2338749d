import type { IotVideoPlatform } from './types';
import { createUnsupportedModule } from './unsupported-module';

/** Hosts without an engine yet: everything works but the connection, which says why it does not. */
export function createPlatform(): IotVideoPlatform {
  return {
    clock: {
      nowMs: () => Date.now(),
      wallMs: () => Date.now(),
      setTimer(delayMs, callback) {
        const id = setTimeout(callback, delayMs);
        return () => clearTimeout(id);
      },
    },
    // Spreads retries only; nothing secret is made of it here.
    random: { bytes: (length) => Uint8Array.from({ length }, () => Math.random() * 256) },
    createModule: createUnsupportedModule,
  };
}
