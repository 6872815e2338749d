import { useIotVideo } from '@components/provider';
import type { DeviceSessions } from '@services/device';
import { useCallback, useEffect, useState } from 'react';
import { addedCameras } from './added-cameras';
import { loadDemoCameras } from './load-demo-cameras';
import type { Camera } from './types';

export interface Cameras {
  readonly state: 'loading' | 'loaded' | 'failed';
  /** The user's own are there in every state. */
  readonly list: readonly Camera[];
  /** Loads the demo server's list again. */
  readonly reload: () => void;
  /** Takes over what was added or removed. */
  readonly refresh: () => void;
}

/** What the list held last, for the next page: it need not wait to begin. One list per app. */
const known = new WeakMap<DeviceSessions, readonly Camera[]>();

/** The demo server's cameras and the user's own. */
export function useCameras(): Cameras {
  const { sessions } = useIotVideo();
  const [state, setState] = useState<Cameras['state']>(known.has(sessions) ? 'loaded' : 'loading');
  const [demo, setDemo] = useState<readonly Camera[]>(known.get(sessions) ?? []);
  const [added, setAdded] = useState(addedCameras);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let gone = false;
    loadDemoCameras().then(
      (cameras) => {
        known.set(sessions, cameras);
        if (gone) return;
        setDemo(cameras);
        setState('loaded');
      },
      () => {
        if (!gone) setState('failed');
      },
    );
    return () => {
      gone = true;
    };
  }, [round, sessions]);

  const reload = useCallback(() => {
    setState('loading');
    setRound((before) => before + 1);
  }, []);
  const refresh = useCallback(() => setAdded(addedCameras()), []);
  return { state, list: [...demo, ...added], reload, refresh };
}
