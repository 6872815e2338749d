import { useIotVideo } from '@components/provider';
import { createTranslate } from '@services/i18n';
import type { Catalogue, Translate } from '@services/i18n';
import { useMemo } from 'react';
import { en } from './en';
import { zhCN } from './zh-cn';
import { zhTW } from './zh-tw';

/** The demo's own texts in every language of the kit. */
export const pageCatalogue: Catalogue<typeof en> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en };

/** The demo's own texts in the provider's language. */
export function usePageText(): Translate<typeof en> {
  const { locale } = useIotVideo();
  return useMemo(() => createTranslate(pageCatalogue, locale), [locale]);
}
