import { useIotVideo } from '@components/provider';
import { useEffect } from 'react';

/** Tells browser and screen readers which language the page is in. */
export function PageLanguage(): null {
  const { locale } = useIotVideo();
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return null;
}
