import { useDidHide } from '@tarojs/taro';

/** Calls back when nobody can be holding anything on this page any more: it is hidden. */
export function usePageLeave(onLeave: () => void): void {
  useDidHide(onLeave);
}
