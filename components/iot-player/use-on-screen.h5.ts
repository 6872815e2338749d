import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/**
 * Tells whether an element is scrolled into sight; null asks for nothing.
 * @returns the ref that the element must have
 */
export function useOnScreen(tell: ((onScreen: boolean) => void) | null): {
  readonly ref: RefObject<HTMLDivElement>;
} {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (tell === null || ref.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      const latest = entries[entries.length - 1];
      if (latest !== undefined) tell(latest.isIntersecting);
    });
    observer.observe(ref.current);
    return () => {
      observer.disconnect();
      tell(true);
    };
  }, [tell]);
  return { ref };
}
