import { useIotVideo } from '@components/provider';
import { CommandLine, fieldOf, innerCommand } from '@services/commands';
import type { StreamQuality } from '@services/player';
import { when } from 'mobx';
import { useEffect, useState } from 'react';
import { usePlayer } from './context';
import { ALL_QUALITIES } from './picture-controls-core';

const QUERY_TIMEOUT_MS = 5_000;
const NO_QUALITIES: readonly StreamQuality[] = [];

/**
 * What the camera of the player around it offers: what the app names, else what the camera tells once
 * it plays, else all three.
 */
export function useQualities(
  named: readonly StreamQuality[] | undefined,
): readonly StreamQuality[] {
  const { sessions, clock } = useIotVideo();
  const { store, device, surface, onlyAudio } = usePlayer();
  const [told, setTold] = useState<readonly StreamQuality[] | null>(null);
  const { id, xp2pInfo, productId, deviceName } = device;
  // Single pictures and sound come in one quality.
  const isVideo = surface === 'video' && !onlyAudio;
  const asks = named === undefined && isVideo;

  useEffect(() => {
    setTold(null);
    if (!asks) return;
    let current = true;
    const source = {
      id,
      xp2pInfo,
      ...(productId !== undefined && { productId }),
      ...(deviceName !== undefined && { deviceName }),
    };
    const line = new CommandLine({ sessions, clock, device: source });
    const ask = async (): Promise<void> => {
      try {
        const answer = await line.send(innerCommand('get_capabilities'), QUERY_TIMEOUT_MS);
        if (current && answer.kind === 'answer') setTold(qualitiesOf(answer.body));
      } catch {
        // A camera that does not tell is taken to have all.
      } finally {
        // A share of the connection that lingers would outlive a pause.
        line.close();
      }
    };
    const stopWaiting = when(
      () => store.playing,
      () => void ask(),
    );
    return () => {
      current = false;
      stopWaiting();
      line.close();
    };
  }, [asks, sessions, clock, store, id, xp2pInfo, productId, deviceName]);

  return isVideo ? (named ?? told ?? ALL_QUALITIES) : NO_QUALITIES;
}

/** @returns null where the answer does not tell */
export function qualitiesOf(body: unknown): readonly StreamQuality[] | null {
  const names = fieldOf(body, 'qualities');
  if (!Array.isArray(names)) return null;
  return ALL_QUALITIES.filter((quality) => names.includes(quality));
}
