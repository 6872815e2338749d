import { createMiniHost } from '@services/host/mini';
import type { MiniApi } from '@services/host/mini';
import { miniPlatform } from './mini-platform';
import type { CreatePlatform } from './types';

declare const ks: MiniApi;

/** Kuaishou: our engine over the relay. */
export const createPlatform: CreatePlatform = ({ entropy }) =>
  miniPlatform(() => createMiniHost(ks, { name: 'ks', entropy }));
