import type { HostMode } from '@components/player-view';

interface WebkitElement extends HTMLElement {
  readonly webkitRequestFullscreen?: () => void;
}

interface WebkitDocument extends Document {
  readonly webkitFullscreenElement?: Element | null;
  readonly webkitExitFullscreen?: () => void;
}

/** The browser's full screen for an element with all that it contains; null where there is none. */
export function elementFullscreen(element: HTMLElement): HostMode | null {
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
