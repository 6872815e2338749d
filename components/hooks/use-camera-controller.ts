import type { IotPlayerContextValue } from '@components/iot-player';
import { when } from 'mobx';
import { useEffect, useMemo, useRef, useState } from 'react';

/** What steers one camera: it learns what the camera can do, and is of no use after `close`. */
export interface CameraController {
  discover(): Promise<unknown>;
  close(): void;
}

export interface CameraControllerOptions<Controller> {
  readonly make: () => Controller;
  /** The app's name of the camera. */
  readonly id: string;
  readonly player: IotPlayerContextValue | null;
  /** What a controller is made anew for. */
  readonly keys: readonly unknown[];
  /** Just before the camera is asked. */
  readonly onDiscover?: () => void;
}

/** The controller of a component beside a player: one for each camera, closed with the component. */
export function useCameraController<Controller extends CameraController>(
  options: CameraControllerOptions<Controller>,
): Controller {
  const { make, id, player, keys, onDiscover } = options;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the first one; `keys` tell of the others
  const first = useMemo(make, []);
  const [controller, setController] = useState(first);
  const isFirst = useRef(true);

  // Effects may run twice, and a closed controller stays closed: each run has its own.
  useEffect(() => {
    const made = isFirst.current ? first : make();
    isFirst.current = false;
    setController(made);
    const watched = player?.device.id === id ? player.store : null;
    // Where a player watches the camera, its connection is joined rather than made.
    const stop = when(
      () => watched === null || watched.path?.state === 'up',
      () => {
        onDiscover?.();
        void made.discover();
      },
    );
    return () => {
      stop();
      made.close();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `keys` are all that counts
  }, [id, ...keys]);

  return controller;
}
