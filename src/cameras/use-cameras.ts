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

/** The demo server's cameras and the user's own. */
export function useCameras(): Cameras {
  const [state, setState] = useState<Cameras['state']>('loading');
  const [demo, setDemo] = useState<readonly Camera[]>([]);
  const [added, setAdded] = useState(addedCameras);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let gone = false;
    loadDemoCameras().then(
      (cameras) => {
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
  }, [round]);

  const reload = useCallback(() => {
    setState('loading');
    setRound((before) => before + 1);
  }, []);
  const refresh = useCallback(() => setAdded(addedCameras()), []);
  return { state, list: [...demo, ...added], reload, refresh };
}
