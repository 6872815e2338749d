/** Languages that the kit speaks. */
export const LOCALES = ['zh-CN', 'zh-TW', 'en'] as const;

export type Locale = (typeof LOCALES)[number];

/** What a language must provide: a text for every key of the reference language. */
export type Translation<Reference> = { readonly [Key in keyof Reference]: string };

/** One text per key and language. English is the reference that the others are checked against. */
export type Catalogue<Reference> = {
  readonly en: Reference;
} & { readonly [L in Exclude<Locale, 'en'>]: Translation<Reference> };

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

/** The values that a text's `{placeholders}` need: none, or one object. */
export type TextParams<Text> = Text extends string
  ? [Placeholder<Text>] extends [never]
    ? []
    : [params: Readonly<Record<Placeholder<Text>, string | number>>]
  : never;

/** Gives the text of a key in the language it was made for. */
export type Translate<Reference> = <Key extends keyof Reference & string>(
  key: Key,
  ...params: TextParams<Reference[Key]>
) => string;

/** Binds a catalogue to a language. */
export function createTranslate<Reference>(
  catalogue: Catalogue<Reference>,
  locale: Locale,
): Translate<Reference> {
  const texts: Translation<Reference> = catalogue[locale] as Translation<Reference>;
  return (key, ...params) => fill(texts[key], params[0]);
}

function fill(text: string, params: Readonly<Record<string, string | number>> | undefined): string {
  if (params === undefined) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
