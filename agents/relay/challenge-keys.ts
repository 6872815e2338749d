import { x25519 } from '@noble/curves/ed25519.js';
import type { Clock, Random } from '../../services/host';

export interface ChallengeKey {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** A proof is only as fresh as its nonce, which every socket has of its own. */
const LIFETIME_MS = 60_000;

/**
 * The relay's ephemeral keys. One serves all sockets of a minute, which halves what an unproven
 * socket can cost: making a key takes as long as checking a proof, about 1 ms.
 */
export class ChallengeKeys {
  private key: ChallengeKey | null = null;
  private madeMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  current(): ChallengeKey {
    const nowMs = this.clock.nowMs();
    if (this.key === null || nowMs - this.madeMs >= LIFETIME_MS) {
      const privateKey = this.random.bytes(32);
      this.key = { privateKey, publicKey: x25519.getPublicKey(privateKey) };
      this.madeMs = nowMs;
    }
    return this.key;
  }
}
