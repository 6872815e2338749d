/** Limits how many sockets one network address may hold. */
export class AddressLimiter {
  private readonly counts = new Map<string, number>();

  /** @param maxPerAddress 0 for no limit: behind a proxy every socket has the proxy's address. */
  constructor(private readonly maxPerAddress: number) {}

  acquire(address: string): boolean {
    const group = addressGroup(address);
    const count = this.counts.get(group) ?? 0;
    if (this.maxPerAddress > 0 && count >= this.maxPerAddress) return false;
    this.counts.set(group, count + 1);
    return true;
  }

  release(address: string): void {
    const group = addressGroup(address);
    const count = (this.counts.get(group) ?? 0) - 1;
    if (count > 0) this.counts.set(group, count);
    else this.counts.delete(group);
  }
}

/**
 * What counts as one address: an IPv4 address, also when mapped into IPv6, or an IPv6 /64, since a
 * single subscriber owns all 2^64 addresses of it.
 */
export function addressGroup(address: string): string {
  const bare = address.toLowerCase().replace(/%.*$/, '');
  if (!bare.includes(':')) return bare;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  if (mapped) return mapped[1]!;
  const [head = '', tail] = bare.split('::');
  const front = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const back = tail === '' ? [] : tail.split(':');
    while (front.length + back.length < 8) front.push('0');
    front.push(...back);
  }
  return `${front
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
