import { mergeInternalComponents, mergeReconciler, processApis } from '@tarojs/shared';

/* global ks, tt, xhs -- each is there on its own host, and the build keeps that branch */

/** @returns {unknown} the host's API */
function nativeApi() {
  // @ts-expect-error -- the hosts have no typings
  if (process.env.TARO_ENV === 'xhs') return xhs;
  // @ts-expect-error -- see above
  if (process.env.TARO_ENV === 'kwai') return ks;
  // @ts-expect-error -- see above
  return tt;
}

mergeReconciler({
  /** @param {unknown} taro */
  initNativeApi(taro) {
    processApis(taro, nativeApi());
  },
});
mergeInternalComponents({});
