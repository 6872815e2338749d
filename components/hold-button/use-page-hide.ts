import { useDidHide } from '@tarojs/taro';

/** Calls back when the page can be seen no more. */
export function usePageHide(onHide: () => void): void {
  useDidHide(onHide);
}
