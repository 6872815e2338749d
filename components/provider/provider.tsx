import { DeviceSessions } from '@services/device';
import { createKitTranslate } from '@services/i18n';
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import '../theme/theme.scss';
import { IotVideoContext } from './context';
import { createPlatform } from './create-platform';
import { hostLocale } from './host-locale';
import { NEUTRAL_APP_PARAMS } from './neutral-app-params';
import type { IotVideoConfig } from './types';

export interface IotVideoProviderProps {
  readonly config?: IotVideoConfig;
  readonly children: ReactNode;
}

const DEFAULTS: IotVideoConfig = {};

/**
 * Gives the components below it one p2p module, one connection per camera, and a language.
 *
 * @example
 * <IotVideoProvider config={{ locale: 'en' }}>
 *   <IotPlayer device={device} />
 * </IotVideoProvider>
 */
export function IotVideoProvider({ config = DEFAULTS, children }: IotVideoProviderProps) {
  const [shared] = useState(() => share(config));
  const [localeOfHost] = useState(hostLocale);
  const locale = config.locale ?? localeOfHost;

  useEffect(() => () => shared.sessions.dispose(), [shared]);

  const iotVideo = useMemo(
    () => ({ ...shared, locale, text: createKitTranslate(locale) }),
    [shared, locale],
  );
  return <IotVideoContext.Provider value={iotVideo}>{children}</IotVideoContext.Provider>;
}

function share({
  appParams = NEUTRAL_APP_PARAMS,
  module,
  vendorModule,
  entropy,
  platform,
  onLog,
}: IotVideoConfig) {
  const host = createPlatform({ entropy });
  const { clock, random } = platform ?? host;
  const sessions = new DeviceSessions({
    module: module ?? (async () => host.createModule()),
    vendorModule,
    appParams,
    network: host.network,
    log: onLog,
  });
  return { sessions, clock, random, log: onLog };
}
