import type { Clock, Crypto, Random } from '../../services/host';
import { keyPairOf } from '../../services/p2p/session';
import type { KeyPair } from '../../services/p2p/session';

/** A proof is only as fresh as its nonce, which every socket has of its own. */
const LIFETIME_MS = 60_000;

/**
 * The relay's ephemeral keys. One serves all sockets of a minute, which halves what an unproven
 * socket can cost: making a key takes as long as checking a proof.
 */
export class ChallengeKeys {
  private key: KeyPair | null = null;
  private madeMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    /** The host's, if it has one. */
    private readonly crypto?: Crypto,
  ) {}

  current(): KeyPair {
    const nowMs = this.clock.nowMs();
    if (this.key === null || nowMs - this.madeMs >= LIFETIME_MS) {
      this.key = keyPairOf(this.random.bytes(32), this.crypto);
      this.madeMs = nowMs;
    }
    return this.key;
  }
}
