import type { Clock } from '../clock';
import type { NetworkEvent, NetworkMonitor, NetworkType } from '../network';
import { shareWatch } from '../share-watch';

/** Network Information API §3; Chromium for Android has all of it, Chromium for desktop no `type`. */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
}

/**
 * The browser's network: changes of its kind, on- and offline, and pages that go out of sight. A
 * browser does not tell its addresses.
 */
export function createH5Network(clock: Clock): NetworkMonitor {
  return {
    subscribe: shareWatch((emit) => watch(clock, emit)),
    localAddresses: async () => [],
  };
}

/** @returns what takes the browser's listeners away again. */
function watch(clock: Clock, emit: (event: NetworkEvent) => void): () => void {
  const connection = connectionOf();
  let type = networkType();
  let hiddenAt = document.visibilityState === 'hidden' ? momentOf(clock) : null;

  const onOnline = (): void => {
    type = networkType();
    emit({ kind: 'changed', type });
  };
  // Fires for a new estimate of the speed too, every few seconds.
  const onConnection = (): void => {
    if (networkType() !== type) onOnline();
  };
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') {
      if (hiddenAt !== null) return;
      hiddenAt = momentOf(clock);
      emit({ kind: 'hidden' });
    } else if (hiddenAt !== null) {
      const hiddenMs = msSince(clock, hiddenAt);
      hiddenAt = null;
      emit({ kind: 'shown', hiddenMs });
    }
  };

  connection?.addEventListener('change', onConnection);
  addEventListener('online', onOnline);
  addEventListener('offline', onOnline);
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    connection?.removeEventListener('change', onConnection);
    removeEventListener('online', onOnline);
    removeEventListener('offline', onOnline);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}

function connectionOf(): NetworkInformation | undefined {
  return (navigator as { readonly connection?: NetworkInformation }).connection;
}

function networkType(): NetworkType {
  if (!navigator.onLine) return 'none';
  const type = connectionOf()?.type;
  return type === 'wifi' || type === 'cellular' || type === 'ethernet' || type === 'none'
    ? type
    : 'unknown';
}

interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}

function momentOf(clock: Clock): Moment {
  return { nowMs: clock.nowMs(), wallMs: clock.wallMs() };
}

/** The monotonic clock may stand still while the machine sleeps, the wall clock may be set back. */
function msSince(clock: Clock, then: Moment): number {
  return Math.max(0, clock.nowMs() - then.nowMs, clock.wallMs() - then.wallMs);
}
