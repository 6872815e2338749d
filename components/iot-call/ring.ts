import Taro from '@tarojs/taro';

const EVERY_MS = 2_000;

/** Lets the phone vibrate as long as the camera calls. @returns what ends it. */
export function ring(): () => void {
  const once = (): void => {
    try {
      void Taro.vibrateLong({})?.catch(() => undefined);
    } catch {
      // A host without it: the call is shown besides.
    }
  };
  once();
  const timer = setInterval(once, EVERY_MS);
  return () => clearInterval(timer);
}
