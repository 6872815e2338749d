import type { Route } from './path';

/** Bytes that may go to an address for each byte that came from it, before it has answered (RFC 9000 §8.1). */
const AMPLIFICATION_FACTOR = 3;
/** Routes accounted for at once; one that is forgotten starts anew, with nothing to its credit. */
const MAX_ACCOUNTS = 64;

interface Account {
  /** Bytes that may still be sent; Infinity once the address has answered a challenge. */
  credit: number;
}

/**
 * Keeps a session from being turned on a victim: whoever can copy a packet, or holds the keys and
 * lies about its address, gets at most three times to it what it sent from there itself.
 */
export class AddressValidation {
  /** Oldest first. */
  private readonly accounts = new Map<Route, Account>();

  /** An authentic packet came by this route. */
  onReceived(route: Route, bytes: number): void {
    this.account(route).credit += AMPLIFICATION_FACTOR * bytes;
  }

  /** The route has answered a challenge: whoever is there can read our packets. */
  onAnswered(route: Route): void {
    this.account(route).credit = Infinity;
  }

  isValidated(route: Route): boolean {
    return this.accounts.get(route)?.credit === Infinity;
  }

  /** Whether so many bytes may be sent now; takes them off if so. */
  take(route: Route, bytes: number): boolean {
    const account = this.accounts.get(route);
    if (account === undefined || account.credit < bytes) return false;
    account.credit -= bytes;
    return true;
  }

  private account(route: Route): Account {
    const known = this.accounts.get(route);
    if (known !== undefined) return known;
    if (this.accounts.size >= MAX_ACCOUNTS) {
      for (const oldest of this.accounts.keys()) {
        this.accounts.delete(oldest);
        break;
      }
    }
    const account = { credit: 0 };
    this.accounts.set(route, account);
    return account;
  }
}
