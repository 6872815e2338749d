import { IotVideoProvider } from '@components/provider';
import { createElement } from 'react';
import type { PropsWithChildren } from 'react';
import { PageLanguage } from './texts';
import './app.scss';

/** One provider for all pages: one module, and one connection per camera. */
export default function App({ children }: PropsWithChildren) {
  return createElement(IotVideoProvider, null, createElement(PageLanguage), children);
}
