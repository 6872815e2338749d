import type { Camera } from './types';

/** A mini-program comes from no server of ours: only the user's own cameras are there. */
export function loadDemoCameras(): Promise<readonly Camera[]> {
  return Promise.resolve([]);
}
