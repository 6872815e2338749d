import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { TrafficKeys } from './noise';
import { CONNECTION_ID_BYTES } from './packet';
import { PROBE_PATH_ID } from './probing';
import { encodeUtf8 } from '../../encoding';

/** Path ids beyond the newest one that a responder recognises: the initiator may be ahead by so many. */
const LOOK_AHEAD = 4;

/** A connection id as a key of a Map; cheaper than hex. */
export function connectionIdKey(connectionId: Uint8Array): string {
  let key = '';
  for (let i = 0; i < CONNECTION_ID_BYTES; i += 2) {
    key += String.fromCharCode((connectionId[i]! << 8) | connectionId[i + 1]!);
  }
  return key;
}

/**
 * The connection ids of each path and direction. Both sides derive those of later paths from the
 * traffic keys instead of exchanging them in NEW_CONNECTION_ID frames (RFC 9000 §19.15): nobody else
 * can link two paths, and there is nothing to run out of.
 */
export class ConnectionIds {
  private readonly localSecret: Uint8Array;
  private readonly remoteSecret: Uint8Array;
  private readonly firstRemote: Uint8Array;
  private readonly remote = new Map<number, Uint8Array>();
  /** Path id by the key of our connection id. */
  private readonly local = new Map<string, number>();
  private knownUpTo = 0;

  constructor(
    keys: TrafficKeys,
    isInitiator: boolean,
    firstLocal: Uint8Array,
    firstRemote: Uint8Array,
  ) {
    const label = encodeUtf8('connection ids');
    // Named by who receives: packets to the responder are sealed with the initiator's key.
    const toResponder = hmac(sha256, keys.initiatorKey, label);
    const toInitiator = hmac(sha256, keys.responderKey, label);
    this.localSecret = isInitiator ? toInitiator : toResponder;
    this.remoteSecret = isInitiator ? toResponder : toInitiator;
    this.firstRemote = firstRemote;
    this.local.set(connectionIdKey(firstLocal), 0);
    this.local.set(connectionIdKey(derive(this.localSecret, PROBE_PATH_ID)), PROBE_PATH_ID);
    this.extend(0);
  }

  /** Recognises ids of paths up to a few beyond `newest`. @returns whether there are new ones. */
  extend(newest: number): boolean {
    const upTo = newest + LOOK_AHEAD;
    if (upTo <= this.knownUpTo) return false;
    for (let id = this.knownUpTo + 1; id <= upTo; id++) {
      this.local.set(connectionIdKey(derive(this.localSecret, id)), id);
    }
    this.knownUpTo = upTo;
    return true;
  }

  /** Keys of all ids at which we can be reached. */
  localKeys(): IterableIterator<string> {
    return this.local.keys();
  }

  /** @returns the path that a packet to this id belongs to; undefined for an id that is not ours. */
  pathOf(connectionId: Uint8Array): number | undefined {
    return this.local.get(connectionIdKey(connectionId));
  }

  /** Where packets of a path go. */
  remoteOf(pathId: number): Uint8Array {
    if (pathId === 0) return this.firstRemote;
    let id = this.remote.get(pathId);
    if (id === undefined) {
      id = derive(this.remoteSecret, pathId);
      this.remote.set(pathId, id);
    }
    return id;
  }

  /** A path is gone; late packets to its id are dropped. */
  forget(pathId: number): void {
    this.remote.delete(pathId);
    for (const [key, id] of this.local) if (id === pathId) this.local.delete(key);
  }
}

function derive(secret: Uint8Array, pathId: number): Uint8Array {
  const bytes = Uint8Array.of(pathId >>> 24, pathId >>> 16, pathId >>> 8, pathId);
  return hmac(sha256, secret, bytes).slice(0, CONNECTION_ID_BYTES);
}
