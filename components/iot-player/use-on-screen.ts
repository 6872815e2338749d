import Taro from '@tarojs/taro';
import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

let count = 0;

/**
 * Tells whether an element is scrolled into sight; null asks for nothing.
 * @returns the id that the element must have
 */
export function useOnScreen(tell: ((onScreen: boolean) => void) | null): {
  readonly id: string;
  /** Browsers have elements instead. */
  readonly ref: RefObject<HTMLDivElement>;
} {
  const ref = useRef<HTMLDivElement>(null);
  const [id] = useState(() => `iot-player-${++count}`);
  useEffect(() => {
    const { page } = Taro.getCurrentInstance();
    if (tell === null || page == null) return;
    const observer = Taro.createIntersectionObserver(page);
    let observing = false;
    // The element is on the page a moment later.
    Taro.nextTick(() => {
      observing = true;
      observer.relativeToViewport().observe(`#${id}`, ({ intersectionRatio = 0 }) => {
        if (observing) tell(intersectionRatio > 0);
      });
    });
    return () => {
      observing = false;
      observer.disconnect();
      tell(true);
    };
  }, [id, tell]);
  return { id, ref };
}
