import { useEffect, useRef } from 'react';
import { usePageHide } from './use-page-hide';

/** Calls back when nobody can be holding anything on this page any more: hidden, or not in front. */
export function usePageLeave(onLeave: () => void): void {
  const latest = useRef(onLeave);
  latest.current = onLeave;
  usePageHide(onLeave);
  useEffect(() => {
    const leave = (): void => latest.current();
    window.addEventListener('blur', leave);
    return () => window.removeEventListener('blur', leave);
  }, []);
}
