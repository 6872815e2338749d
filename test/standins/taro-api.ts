import { jest } from '@jest/globals';
import { page, useDidHide, useDidShow, useLoad, useReady, useUnload } from './taro-page';

export { page, useDidHide, useDidShow, useLoad, useReady, useUnload };

export const ENV_TYPE = {
  WEAPP: 'WEAPP',
  WEB: 'WEB',
  ALIPAY: 'ALIPAY',
  TT: 'TT',
  SWAN: 'SWAN',
  QQ: 'QQ',
  JD: 'JD',
} as const;

const ok = { errMsg: 'ok' };
const resolvesOk = () => jest.fn((_options?: unknown) => Promise.resolve(ok));
const ignores = () => jest.fn((..._args: unknown[]) => undefined);

export const getEnv = jest.fn((): string => ENV_TYPE.WEB);
export const useRouter = jest.fn(() => page.router);
export const getCurrentInstance = jest.fn(() => ({ router: page.router, page: {}, app: {} }));

export const navigateTo = resolvesOk();
export const navigateBack = resolvesOk();
export const redirectTo = resolvesOk();
export const reLaunch = resolvesOk();
export const switchTab = resolvesOk();
export const setNavigationBarTitle = resolvesOk();

export const showToast = resolvesOk();
export const hideToast = ignores();
export const showLoading = resolvesOk();
export const hideLoading = ignores();
export const showModal = jest.fn((_options?: unknown) =>
  Promise.resolve({ ...ok, confirm: true, cancel: false }),
);
export const showActionSheet = jest.fn((_options?: unknown) =>
  Promise.resolve({ ...ok, tapIndex: 0 }),
);

const storage = new Map<string, unknown>();
export const getStorageSync = jest.fn((key: string) => storage.get(key) ?? '');
export const setStorageSync = jest.fn((key: string, value: unknown) => {
  storage.set(key, value);
});
export const removeStorageSync = jest.fn((key: string) => {
  storage.delete(key);
});
export const clearStorageSync = jest.fn(() => storage.clear());

export const getWindowInfo = jest.fn(() => ({
  pixelRatio: 2,
  windowWidth: 375,
  windowHeight: 667,
  screenWidth: 375,
  screenHeight: 667,
  statusBarHeight: 20,
}));
export const getSystemInfoSync = jest.fn(() => ({
  ...getWindowInfo(),
  platform: 'devtools',
  language: 'en',
}));
export const getAppBaseInfo = jest.fn(() => ({ language: 'en', theme: 'light' }));
export const getDeviceInfo = jest.fn(() => ({ platform: 'devtools', system: '', model: '' }));
export const getNetworkType = jest.fn(() => Promise.resolve({ ...ok, networkType: 'wifi' }));
export const onNetworkStatusChange = ignores();
export const offNetworkStatusChange = ignores();
export const onAppShow = ignores();
export const offAppShow = ignores();
export const onAppHide = ignores();
export const offAppHide = ignores();

export const getSetting = jest.fn(() => Promise.resolve({ ...ok, authSetting: {} }));
export const openSetting = resolvesOk();
export const authorize = resolvesOk();
export const setKeepScreenOn = resolvesOk();
export const setClipboardData = resolvesOk();
export const vibrateShort = resolvesOk();
export const saveImageToPhotosAlbum = resolvesOk();
export const saveVideoToPhotosAlbum = resolvesOk();

export const useShareAppMessage = ignores();
export const usePullDownRefresh = ignores();
export const useReachBottom = ignores();
export const useResize = ignores();

export const nextTick = jest.fn((callback: () => void) => queueMicrotask(callback));
export const pxTransform = jest.fn((size: number) => `${size / 2}px`);
