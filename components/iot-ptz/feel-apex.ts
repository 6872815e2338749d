import Taro from '@tarojs/taro';

/** Lets the phone vibrate shortly, where the host can. */
export function feelApex(): void {
  try {
    void Taro.vibrateShort({ type: 'medium' })?.catch(() => undefined);
  } catch {
    // A host without it: the apex is shown besides.
  }
}
