import { useEffect, useRef } from 'react';

/** Calls back when the page can be seen no more. */
export function usePageHide(onHide: () => void): void {
  const latest = useRef(onHide);
  latest.current = onHide;
  useEffect(() => {
    const hide = (): void => latest.current();
    const onVisibility = (): void => {
      if (document.visibilityState === 'hidden') hide();
    };
    window.addEventListener('pagehide', hide);
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      window.removeEventListener('pagehide', hide);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, []);
}
