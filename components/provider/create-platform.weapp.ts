import { createWeappHost } from '@services/host/weapp';
import type { WeappApi } from '@services/host/weapp';
import { miniPlatform } from './mini-platform';
import type { CreatePlatform } from './types';

declare const wx: WeappApi;

/** WeChat: our engine over UDP and WebSocket. */
export const createPlatform: CreatePlatform = () => {
  return miniPlatform(() => createWeappHost(wx));
};
