import type { PropsWithChildren } from 'react';
import { IotVideoProvider } from 'taro-iot-video';

export default function App({ children }: PropsWithChildren) {
  return <IotVideoProvider config={{ locale: 'en' }}>{children}</IotVideoProvider>;
}
