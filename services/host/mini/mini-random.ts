import { IotError, XP2PErrorCode } from '../../errors';
import type { Clock } from '../clock';
import type { Random } from '../random';
import { Drbg, MIN_SEED_BYTES } from './drbg';
import { errorTextOf } from './mini-api';
import type { MiniApi } from './mini-api';

const SEED_BYTES = 64;
/** Bytes handed out after which fresh entropy is asked for, and time after which it is as well. */
const RESEED_BYTES = 64 * 1024;
const RESEED_MS = 10 * 60_000;
/** Time after which an entropy source that failed is asked again. */
const RETRY_MS = 30_000;
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Secret bytes from a place the app trusts, at least 48, another lot each time: its own server over TLS,
 * or a worker of the host that has a random source. They make the keys, so that whoever knows them can
 * read the session.
 */
export type Entropy = () => Promise<Uint8Array>;

/** One secure source of random bytes, which answers late. */
type Source = () => Promise<Uint8Array>;

/**
 * Makes a synchronous source of random bytes from an asynchronous one: it seeds a generator once, and
 * refreshes it ahead of need from then on. Sources are the host's `getRandomValues` (WeChat 2.15.0,
 * Douyin 2.87.0), the `crypto` of its engine, and what the app hands in, in this order. There is no other
 * fallback, since keys made from anything less could be guessed.
 * @throws IotError -2404 when there is none, or it does not answer.
 */
export async function createMiniRandom(
  api: MiniApi,
  clock: Clock,
  options: { readonly name: string; readonly entropy?: Entropy },
): Promise<Random> {
  const source = sourceOf(api, clock, options);
  const drbg = new Drbg(await source());
  let sinceBytes = 0;
  let dueMs = clock.nowMs() + RESEED_MS;
  let isAsking = false;

  const reseed = async (): Promise<void> => {
    isAsking = true;
    try {
      drbg.mix(await source());
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

function sourceOf(
  api: MiniApi,
  clock: Clock,
  { name, entropy }: { readonly name: string; readonly entropy?: Entropy },
): Source {
  const { getRandomValues } = api;
  if (typeof getRandomValues === 'function') {
    return () =>
      answer(`${name}.getRandomValues`, clock, (succeed, fail) => {
        getRandomValues.call(api, {
          length: SEED_BYTES,
          success: ({ randomValues }) => succeed(new Uint8Array(randomValues)),
          fail: (cause) => fail(errorTextOf(cause)),
        });
      });
  }
  if (typeof crypto === 'object' && typeof crypto?.getRandomValues === 'function') {
    return () =>
      answer('crypto.getRandomValues', clock, (succeed) =>
        succeed(crypto.getRandomValues(new Uint8Array(SEED_BYTES))),
      );
  }
  if (entropy !== undefined) {
    return () =>
      answer('entropy', clock, (succeed, fail) => {
        entropy().then(succeed, (cause: unknown) => fail(errorTextOf(cause)));
      });
  }
  throw unsupported(
    `this host has no secure random source (${name}.getRandomValues is missing); hand one in as "entropy"`,
    false,
  );
}

/** What `ask` brings, unless it takes too long or is not random. */
function answer(
  source: string,
  clock: Clock,
  ask: (succeed: (bytes: Uint8Array) => void, fail: (detail: string) => void) => void,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string): void => {
      cancel();
      reject(unsupported(`${source}: ${detail}`, true));
    };
    const cancel = clock.setTimer(ANSWER_TIMEOUT_MS, () => fail('no answer'));
    try {
      ask((bytes) => {
        if (!isPlausible(bytes)) return fail('the answer is not random');
        cancel();
        resolve(bytes);
      }, fail);
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
