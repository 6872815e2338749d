import type { Clock } from '@services/host';
import type { CreatePlatform } from './types';
import { createUnsupportedModule } from './unsupported-module';

const clock: Clock = {
  nowMs: () => Date.now(),
  wallMs: () => Date.now(),
  setTimer(delayMs, callback) {
    const id = setTimeout(callback, delayMs);
    return () => clearTimeout(id);
  },
};

/** Hosts without an engine: everything works but the connection, which says why it does not. */
export const createPlatform: CreatePlatform = () => {
  return {
    clock,
    // Spreads retries only; nothing secret is made of it here.
    random: { bytes: (length) => Uint8Array.from({ length }, () => Math.random() * 256) },
    createModule: createUnsupportedModule,
  };
};
