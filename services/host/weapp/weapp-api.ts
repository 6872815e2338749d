import type { MiniApi } from '../mini';

/** What of `wx` the host uses. */
export type WeappApi = MiniApi & {
  getAppBaseInfo?(): { readonly SDKVersion?: string };
  /** Base libraries before 2.20.1 have only this one. */
  getSystemInfoSync?(): { readonly SDKVersion?: string };
};
