import { createMiniHost } from '@services/host/mini';
import type { MiniApi } from '@services/host/mini';
import { miniPlatform } from './mini-platform';
import type { CreatePlatform } from './types';

declare const swan: MiniApi;

/** Baidu: our engine over the relay. */
export const createPlatform: CreatePlatform = ({ entropy }) =>
  miniPlatform(() => createMiniHost(swan, { name: 'swan', entropy }));
