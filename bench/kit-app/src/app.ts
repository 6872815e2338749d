import { createElement } from 'react';
import type { PropsWithChildren } from 'react';
import { IotVideoProvider } from 'taro-iot-video';

export default function App({ children }: PropsWithChildren) {
  return createElement(IotVideoProvider, null, children);
}
