import { createHostFileLog } from '@components/file-log';
import { IotVideoProvider } from '@components/provider';
import type { IotVideoConfig } from '@components/provider';
import { createElement, Fragment } from 'react';
import type { PropsWithChildren } from 'react';
import { PageLanguage } from './texts';
import './app.scss';

const fileLog = process.env.NODE_ENV === 'development' ? createHostFileLog() : null;
const config: IotVideoConfig = fileLog === null ? {} : { onLog: fileLog.log };

/** One provider for all pages: one module, and one connection per camera. */
export default function App({ children }: PropsWithChildren) {
  const inside = createElement(Fragment, null, createElement(PageLanguage), children);
  return createElement(IotVideoProvider, { config, children: inside });
}
