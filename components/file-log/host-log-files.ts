import type { HostLogFiles } from './types';

/** Hosts without files of their own, or none that the kit knows. */
export const hostLogFiles = (): HostLogFiles | null => null;
