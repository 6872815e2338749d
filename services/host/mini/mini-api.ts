/// <reference types="miniprogram-api-typings/types/wx/lib.wx.api" preserve="true" />

/**
 * What the host uses of WeChat's API, which Douyin, QQ, Baidu, JD and others have copied. The typings promise every member; a base library older than the one a
 * member came with lacks it, so each is looked for before it is used.
 *
 * The reference above brings the namespace alone: the package's main file would declare `wx`, and
 * timers and modules of a mini-program, in every file of the project.
 */
export type MiniApi = Partial<
  Pick<
    WechatMiniprogram.Wx,
    | 'connectSocket'
    | 'createUDPSocket'
    | 'getLocalIPAddress'
    | 'getRandomValues'
    | 'getStorageSync'
    | 'setStorageSync'
    | 'offAppHide'
    | 'offAppShow'
    | 'offNetworkStatusChange'
    | 'onAppHide'
    | 'onAppShow'
    | 'onNetworkStatusChange'
  >
>;

/** Typed arrays may be views into something larger; `wx` and its copies take whole buffers only. */
export function wholeBufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}

export function errorTextOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  const { errMsg } = (cause ?? {}) as { readonly errMsg?: unknown };
  return typeof errMsg === 'string' ? errMsg : String(cause);
}
