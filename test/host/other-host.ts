import path from 'node:path';
import { DIALECTS } from './dialect';
import type { HostName } from './dialect';
import { MiniProgram } from './mini-program';
import type { Sandbox } from './sandbox';
import { createWx } from './wx/wx';
import type { EmulatedWx } from './wx/wx';

const ROOT = path.resolve(__dirname, '../..');
const LOOK_EVERY_MS = 20;

type Api = Readonly<Record<string, unknown>>;

/** Hosts with a documented secure random source. */
const WITH_RANDOM: ReadonlySet<HostName> = new Set(['tt']);
const LIKE_ALIPAY: ReadonlySet<HostName> = new Set(['alipay', 'dd']);

/** The host's API, as far as it is unlike WeChat's: no UDP, mostly no secure random source. */
export function apiOf(name: HostName, wx: Record<string, unknown>): Api {
  const api = { ...wx };
  delete api['createUDPSocket'];
  delete api['getLocalIPAddress'];
  if (!WITH_RANDOM.has(name)) delete api['getRandomValues'];
  return LIKE_ALIPAY.has(name) ? alipayOf(api as never) : api;
}

interface WeChatLike {
  readonly getStorageSync: (key: string) => unknown;
  readonly setStorageSync: (key: string, data: unknown) => void;
  readonly removeStorageSync: (key: string) => void;
  readonly connectSocket: (option: object) => unknown;
}

/** Alipay takes objects, answers with objects, and has one shared socket unless `multiple` is said. */
function alipayOf(api: WeChatLike): Api {
  return {
    ...api,
    getStorageSync: ({ key }: { key: string }) => ({ data: api.getStorageSync(key) }),
    setStorageSync: ({ key, data }: { key: string; data: unknown }) =>
      api.setStorageSync(key, data),
    removeStorageSync: ({ key }: { key: string }) => api.removeStorageSync(key),
    connectSocket: (option: { multiple?: boolean }) => {
      if (option.multiple !== true) throw new Error('the app has one shared socket');
      return api.connectSocket(option);
    },
    setNavigationBar: () => undefined,
  };
}

/** The demo app as it was built for a host that is not WeChat, running. */
export class OtherHost {
  readonly app: MiniProgram;
  private wx!: EmulatedWx;

  constructor(readonly name: HostName) {
    this.app = new MiniProgram({
      folder: path.join(ROOT, 'dist', name),
      dialect: DIALECTS[name],
      createWx: (sandbox: Sandbox) => {
        this.wx = createWx(sandbox, {
          navigator: {
            open: (url) => void this.app.open(url),
            replace: (url) => {
              this.app.back();
              this.app.open(url);
            },
            back: () => this.app.back(),
            query: () => this.app.page.query(),
          },
        });
        // Alipay's engine has one, which Taro counts on.
        if (LIKE_ALIPAY.has(name)) sandbox.realm['navigator'] = { userAgent: 'emulator' };
        return apiOf(name, { ...this.wx.members });
      },
    });
  }

  /** Waits until something holds of the app. @throws Error telling what the page says instead. */
  async until(what: string, holds: () => boolean, deadlineMs = 15_000): Promise<void> {
    const startedMs = Date.now();
    while (!holds()) {
      if (Date.now() - startedMs > deadlineMs) {
        const errors = this.app.errors.map((error) => String(error)).join('; ');
        throw new Error(`not in time: ${what}. The page says: ${this.app.text} ${errors}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  close(): void {
    this.app.close();
    this.wx.close();
  }
}
