import { DIALECTS } from './dialect';
import type { HostName } from './dialect';

/** The hosts that `npm test` has built; alone, those that it always builds. */
const built = (process.env['BUILT_HOSTS'] ?? 'h5,weapp,alipay,tt').split(',');

/** Mini-programs that are not WeChat's. */
export const OTHER_HOSTS = (Object.keys(DIALECTS) as HostName[]).filter((name) =>
  built.includes(name),
);
