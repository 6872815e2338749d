import { pageCatalogue } from '@/texts';
import { LOCALES } from '@services/i18n';

describe('the demo’s texts', () => {
  it.each(LOCALES)('are complete in %s, with the same placeholders', (locale) => {
    const marks = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    expect(Object.keys(pageCatalogue[locale])).toEqual(Object.keys(pageCatalogue.en));
    for (const [key, text] of Object.entries(pageCatalogue.en)) {
      expect(marks(pageCatalogue[locale][key as keyof typeof pageCatalogue.en])).toEqual(
        marks(text),
      );
    }
  });
});
