import { useEffect, useRef } from 'react';

type Callback = (options: Record<string, string>) => void;
type PageEvent = 'show' | 'hide';

const listeners: Record<PageEvent, Set<() => void>> = { show: new Set(), hide: new Set() };

/** The page that the components under test live on; a test sets its query and plays its life. */
export const page = {
  router: { path: '/pages/index/index', params: {} as Record<string, string> },
  show: () => listeners.show.forEach((listener) => listener()),
  hide: () => listeners.hide.forEach((listener) => listener()),
};

function usePageEvent(event: PageEvent, callback: Callback) {
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(() => {
    const listener = () => latest.current(page.router.params);
    listeners[event].add(listener);
    return () => void listeners[event].delete(listener);
  }, [event]);
}

function useMounted(callback: Callback) {
  const first = useRef(callback);
  useEffect(() => first.current(page.router.params), []);
}

export const useLoad = useMounted;
export const useReady = useMounted;

export function useDidShow(callback: Callback) {
  useMounted(callback);
  usePageEvent('show', callback);
}

export const useDidHide = (callback: Callback) => usePageEvent('hide', callback);

export function useUnload(callback: Callback) {
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(() => () => latest.current(page.router.params), []);
}
