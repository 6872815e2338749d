import { IotError, XP2PErrorCode } from '../../errors';
import type { Clock } from '../clock';
import type { Random } from '../random';
import { Drbg, MIN_SEED_BYTES } from './drbg';
import { errorTextOf } from './weapp-api';
import type { WeappApi } from './weapp-api';

const SEED_BYTES = 64;
/** Bytes handed out after which fresh entropy is asked for, and time after which it is as well. */
const RESEED_BYTES = 64 * 1024;
const RESEED_MS = 10 * 60_000;
/** Time after which an entropy source that failed is asked again. */
const RETRY_MS = 30_000;
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Makes a synchronous source of random bytes from the asynchronous `wx.getRandomValues` (base library
 * 2.15.0): it seeds a generator once, and refreshes it ahead of need from then on. There is no
 * fallback, since keys made from anything less could be guessed.
 * @throws IotError -2404 when the host has no secure random source, or it does not answer.
 */
export async function createWeappRandom(wx: WeappApi, clock: Clock): Promise<Random> {
  const drbg = new Drbg(await randomValues(wx, clock));
  let sinceBytes = 0;
  let dueMs = clock.nowMs() + RESEED_MS;
  let isAsking = false;

  const reseed = async (): Promise<void> => {
    isAsking = true;
    try {
      drbg.mix(await randomValues(wx, clock));
      sinceBytes = 0;
      dueMs = clock.nowMs() + RESEED_MS;
    } catch {
      // The generator stays as good as its seed.
      sinceBytes = 0;
      dueMs = clock.nowMs() + RETRY_MS;
    } finally {
      isAsking = false;
    }
  };

  return {
    bytes(length) {
      sinceBytes += length;
      if (!isAsking && (sinceBytes > RESEED_BYTES || clock.nowMs() >= dueMs)) void reseed();
      return drbg.bytes(length);
    },
  };
}

function randomValues(wx: WeappApi, clock: Clock): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (typeof wx.getRandomValues !== 'function') {
      reject(unsupported('wx.getRandomValues is missing (base library below 2.15.0)', false));
      return;
    }
    const fail = (detail: string): void => {
      cancel();
      reject(unsupported(`wx.getRandomValues: ${detail}`, true));
    };
    const cancel = clock.setTimer(ANSWER_TIMEOUT_MS, () => fail('no answer'));
    try {
      wx.getRandomValues({
        length: SEED_BYTES,
        success: ({ randomValues: buffer }) => {
          const bytes = new Uint8Array(buffer);
          if (!isPlausible(bytes)) return fail('the answer is not random');
          cancel();
          resolve(bytes);
        },
        fail: (cause) => fail(errorTextOf(cause)),
      });
    } catch (cause) {
      fail(errorTextOf(cause));
    }
  });
}

/** Catches stubs and emulators that answer with zeros or with too little. */
function isPlausible(bytes: Uint8Array): boolean {
  return bytes.length >= MIN_SEED_BYTES && bytes.some((byte) => byte !== bytes[0]);
}

function unsupported(message: string, retryable: boolean): IotError {
  return new IotError({
    code: XP2PErrorCode.HostUnsupported,
    phase: 'init',
    reason: 'host-unsupported',
    message,
    retryable,
  });
}
