import { LOCALES } from './catalogue';
import type { Locale } from './catalogue';

/** Languages whose texts the app ships: all, unless its build leaves some out (`languages` of the Taro plugin). */
export const LANGUAGES: readonly Locale[] = LOCALES;
