import { createMiniHost } from '@services/host/mini';
import type { MiniApi } from '@services/host/mini';
import { miniPlatform } from './mini-platform';
import type { CreatePlatform } from './types';

declare const tt: MiniApi;

/** Douyin: our engine over the relay. */
export const createPlatform: CreatePlatform = ({ entropy }) =>
  miniPlatform(() => createMiniHost(tt, { name: 'tt', entropy }));
