import { randomBytes } from 'node:crypto';
import type { Sandbox } from '../sandbox';
import { createFiles } from './files';
import { createUdpSockets } from './udp';
import { createWebSockets } from './web-socket';

/** Where the app asks to go. */
export interface Navigator {
  open(url: string): void;
  replace(url: string): void;
  back(): void;
  /** Looks for elements on the page on top. */
  query(): unknown;
}

export interface WxOptions {
  readonly navigator: Navigator;
  /** Base library (default 3.7.0). */
  readonly sdkVersion?: string;
  readonly language?: string;
}

type Callback = (argument: unknown) => void;

interface Option {
  readonly success?: Callback;
  readonly fail?: Callback;
  readonly complete?: Callback;
}

/** What the bundler's, Taro's and the kit's code look for, and do without. */
const LOOKED_FOR: ReadonlySet<PropertyKey> = new Set([
  ...['webpackJsonp', 'env', 'cloud'],
  'createMediaContainer',
]);

/** WeChat's API for the emulator: real sockets, real chance, real timers; no native pictures. */
export function createWx(sandbox: Sandbox, options: WxOptions) {
  const udp = createUdpSockets(sandbox);
  const sockets = createWebSockets(sandbox);
  const { files, album, members: fileMembers } = createFiles();
  const storage = new Map<string, unknown>();
  const listeners = new Map<string, Set<Callback>>();
  /** What the user has allowed: all that was asked for. */
  const scopes = new Set<string>();
  /** Members that were asked for and are not there. */
  const missing = new Set<string>();

  const on = (name: string) => (listener: Callback) => {
    const known = listeners.get(name) ?? new Set();
    known.add(listener);
    listeners.set(name, known);
  };
  const off = (name: string) => (listener?: Callback) => {
    if (listener === undefined) listeners.delete(name);
    else listeners.get(name)?.delete(listener);
  };
  /** By callbacks, and by a promise for who gives none. */
  const succeed = (option: Option = {}, result: object = {}): Promise<object> => {
    const answer = { errMsg: 'ok', ...result };
    queueMicrotask(() => {
      option.success?.(answer);
      option.complete?.(answer);
    });
    return Promise.resolve(answer);
  };
  const window = {
    windowWidth: 375,
    windowHeight: 667,
    screenWidth: 375,
    screenHeight: 667,
    pixelRatio: 2,
    statusBarHeight: 20,
  };
  const base = {
    SDKVersion: options.sdkVersion ?? '3.7.0',
    language: options.language ?? 'en',
    version: '8.0.50',
    theme: 'light',
  };
  const device = {
    platform: 'android',
    system: 'Android 14',
    brand: 'emulator',
    model: 'emulator',
  };
  const { navigator } = options;

  const members: Record<string, unknown> = {
    ...fileMembers,
    getSystemInfoSync: () => ({ ...window, ...base, ...device }),
    getSystemInfo: (option: Option) => succeed(option, { ...window, ...base, ...device }),
    getWindowInfo: () => window,
    getAppBaseInfo: () => base,
    getDeviceInfo: () => device,
    canIUse: (name: string) => name.split('.')[0]! in members,
    nextTick: (call: () => void) => queueMicrotask(call),

    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => void storage.set(key, structuredClone(value)),
    removeStorageSync: (key: string) => void storage.delete(key),
    getStorage: ({ key, ...option }: Option & { readonly key: string }) =>
      succeed(option, { data: storage.get(key) }),
    setStorage: ({
      key,
      data,
      ...option
    }: Option & { readonly key: string; readonly data: unknown }) => {
      storage.set(key, data);
      return succeed(option);
    },

    getSetting: (option?: Option) =>
      succeed(option, { authSetting: Object.fromEntries([...scopes].map((one) => [one, true])) }),
    authorize: ({ scope, ...option }: Option & { readonly scope: string }) => {
      scopes.add(scope);
      return succeed(option);
    },

    getRandomValues: ({ length, ...option }: Option & { readonly length: number }) =>
      succeed(option, { randomValues: sandbox.toBuffer(randomBytes(length)) }),

    createUDPSocket: udp.createUDPSocket,
    connectSocket: sockets.connectSocket,
    getLocalIPAddress: (option: Option) => succeed(option, { localip: '127.0.0.1' }),
    getNetworkType: (option: Option) => succeed(option, { networkType: 'wifi' }),
    onNetworkStatusChange: on('network'),
    offNetworkStatusChange: off('network'),
    onAppShow: on('show'),
    offAppShow: off('show'),
    onAppHide: on('hide'),
    offAppHide: off('hide'),
    onError: on('error'),
    offError: off('error'),
    onUnhandledRejection: on('rejection'),
    offUnhandledRejection: off('rejection'),
    onMemoryWarning: on('memory'),
    onThemeChange: on('theme'),
    offThemeChange: off('theme'),

    createSelectorQuery: () => navigator.query(),
    navigateTo: ({ url, ...option }: Option & { readonly url: string }) => {
      queueMicrotask(() => navigator.open(url));
      return succeed(option);
    },
    redirectTo: ({ url, ...option }: Option & { readonly url: string }) => {
      queueMicrotask(() => navigator.replace(url));
      return succeed(option);
    },
    navigateBack: (option: Option = {}) => {
      queueMicrotask(() => navigator.back());
      return succeed(option);
    },
    setNavigationBarTitle: (option: Option) => succeed(option),
    showToast: (option: Option) => succeed(option),
  };

  const wx = new Proxy(members, {
    get(target, key) {
      if (typeof key === 'string' && !(key in target) && !LOOKED_FOR.has(key)) missing.add(key);
      return target[key as string];
    },
  });

  return {
    wx,
    /** The same without the note of what is missing. */
    members,
    storage,
    /** The user's files, and their album. */
    files,
    album,
    missing,
    /** Fires an event of the system: `network`, `show`, `hide` … */
    emit(name: string, argument?: unknown): void {
      for (const listener of [...(listeners.get(name) ?? [])]) listener(argument);
    },
    /** What the app holds of the system. */
    open: () => ({
      udpSockets: udp.openCount(),
      webSockets: sockets.openCount(),
      listeners: [...listeners].filter(([, set]) => set.size > 0).map(([name]) => name),
    }),
    rebindNat: udp.rebindAll,
    close(): void {
      udp.closeAll();
      sockets.closeAll();
    },
  };
}

export type EmulatedWx = ReturnType<typeof createWx>;
