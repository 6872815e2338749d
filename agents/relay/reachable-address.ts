/** The address under which this machine reaches what listens at `host`. */
export function reachableAddress(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
