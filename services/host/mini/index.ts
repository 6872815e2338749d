export { createMiniHost } from './create-mini-host';
export type { MiniHostOptions } from './create-mini-host';
export { alipayApi } from './alipay-api';
export type { AlipayApi } from './alipay-api';
export type { MiniApi } from './mini-api';
export { createMiniClock } from './mini-clock';
export type { Entropy } from './mini-random';
