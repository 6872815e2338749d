import { useIotVideo } from '@components/provider';
import type { KitTexts, Translate } from '@services/i18n';

/** The kit's texts in the provider's language. */
export function useText(): Translate<KitTexts> {
  return useIotVideo().text;
}
