import { alipayApi, createMiniHost } from '@services/host/mini';
import type { AlipayApi } from '@services/host/mini';
import { miniPlatform } from './mini-platform';
import type { CreatePlatform } from './types';

declare const my: AlipayApi;

/** Alipay: our engine over the relay, and over UDP where the host has it. */
export const createPlatform: CreatePlatform = ({ entropy }) =>
  miniPlatform(() => createMiniHost(alipayApi(my), { name: 'my', entropy }));
