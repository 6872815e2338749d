import type { HostMode } from '@components/player-view';

interface WebkitElement extends HTMLElement {
  readonly webkitRequestFullscreen?: () => void;
}

interface WebkitDocument extends Document {
  readonly webkitFullscreenElement?: Element | null;
  readonly webkitExitFullscreen?: () => void;
}

/** Phones only, and only in full screen; TypeScript's DOM does not know it any more. */
interface LockableOrientation extends ScreenOrientation {
  readonly lock?: (orientation: 'landscape') => Promise<void>;
}

/** Turns the screen on its side where the picture is wider than high; hosts that cannot leave it. */
function layOnSide(isWide: () => boolean): void {
  if (!isWide()) return;
  const orientation = screen.orientation as LockableOrientation | undefined;
  // A desktop refuses; leaving full screen unlocks it.
  orientation?.lock?.('landscape').catch(() => undefined);
}

/**
 * The browser's full screen for an element with all that it contains; null where there is none.
 *
 * @param isWide whether its picture is wider than high: then a phone's screen is turned
 */
export function elementFullscreen(
  element: HTMLElement,
  isWide: () => boolean = () => false,
): HostMode | null {
  const box: WebkitElement = element;
  const page: WebkitDocument = document;
  const hasStandard = typeof box.requestFullscreen === 'function' && document.fullscreenEnabled;
  if (!hasStandard && box.webkitRequestFullscreen === undefined) return null;
  const isOn = (): boolean =>
    (page.fullscreenElement ?? page.webkitFullscreenElement ?? null) === box;
  return {
    async enter() {
      if (hasStandard) await box.requestFullscreen({ navigationUI: 'hide' });
      else box.webkitRequestFullscreen?.();
      layOnSide(isWide);
    },
    async leave() {
      if (!isOn()) return;
      if (hasStandard) await document.exitFullscreen();
      else page.webkitExitFullscreen?.();
    },
    onChange(listener) {
      const abort = new AbortController();
      let was = isOn();
      const tell = (): void => {
        const now = isOn();
        if (now !== was) listener(now);
        was = now;
      };
      for (const name of ['fullscreenchange', 'webkitfullscreenchange']) {
        document.addEventListener(name, tell, { signal: abort.signal });
      }
      return () => abort.abort();
    },
  };
}
