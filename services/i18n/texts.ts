import type { IotError } from '../errors';
import { createTranslate } from './catalogue';
import type { Catalogue, Locale, TextParams, Translate } from './catalogue';
import { en } from './en';
import { zhCN } from './zh-cn';
import { zhTW } from './zh-tw';

export type KitTexts = typeof en;

/** Keys of the kit's own texts. */
export type TextKey = keyof KitTexts;

/** Keys of texts that need no values: what a label or a status may be. */
export type PlainTextKey = {
  [Key in TextKey]: TextParams<KitTexts[Key]> extends [] ? Key : never;
}[TextKey];

/** The kit's own texts in every language. */
export const kitCatalogue: Catalogue<KitTexts> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en };

/** Binds the kit's texts to a language; components do it once for each change of language. */
export function createKitTranslate(locale: Locale): Translate<KitTexts> {
  return createTranslate(kitCatalogue, locale);
}

/**
 * Gives one of the kit's texts.
 *
 * @example translate('en', 'retry.countdown', { seconds: 3 })
 */
export function translate<Key extends TextKey>(
  locale: Locale,
  key: Key,
  ...params: TextParams<KitTexts[Key]>
): string {
  return createKitTranslate(locale)(key, ...params);
}

export interface ErrorText {
  /** What is wrong. */
  readonly title: string;
  /** What the user can do about it. */
  readonly remedy: string;
  /** Both, where there is one line for them. */
  readonly sentence: string;
}

/** What users read of an error. */
export function errorText(locale: Locale, error: Pick<IotError, 'reason'>): ErrorText {
  const text = createKitTranslate(locale);
  const title = text(`error.${error.reason}.title`);
  const remedy = text(`error.${error.reason}.remedy`);
  return { title, remedy, sentence: text('error.sentence', { title, remedy }) };
}
