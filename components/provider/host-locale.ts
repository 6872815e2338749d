import { resolveLocale } from '@services/i18n';
import type { Locale } from '@services/i18n';
import Taro from '@tarojs/taro';

/** The language that the host is set to. */
export function hostLocale(): Locale {
  try {
    return resolveLocale([Taro.getAppBaseInfo().language ?? '']);
  } catch {
    // Hosts before the split of getSystemInfo.
    return resolveLocale([Taro.getSystemInfoSync().language ?? '']);
  }
}
