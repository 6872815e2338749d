import { errorText, kitCatalogue, LOCALES, translate } from '../../../services/i18n';
import type { TextKey } from '../../../services/i18n';
import { iotError } from '../../standins/fake-p2p-module';

const keys = Object.keys(kitCatalogue.en) as TextKey[];
const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe('the kit’s texts', () => {
  it.each(LOCALES)('are complete in %s, with the same placeholders', (locale) => {
    expect(Object.keys(kitCatalogue[locale]).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      expect(kitCatalogue[locale][key].trim()).not.toBe('');
      expect(placeholders(kitCatalogue[locale][key])).toEqual(placeholders(kitCatalogue.en[key]));
    }
  });

  it('fill in their values', () => {
    expect(translate('en', 'retry.countdown', { seconds: 3 })).toBe('Next try in 3 s');
    expect(translate('zh-CN', 'retry.countdown', { seconds: 3 })).toBe('3 秒后重试');
  });

  it('say what is wrong and what to do', () => {
    expect(errorText('en', iotError('peer-offline'))).toEqual({
      title: 'The camera is offline',
      remedy: 'Check the camera’s power and its network.',
      sentence: 'The camera is offline. Check the camera’s power and its network.',
    });
  });

  it('are Chinese in the characters of their region', () => {
    for (const key of keys) {
      expect(kitCatalogue['zh-CN'][key]).not.toMatch(/[攝畫連線請應]/);
      expect(kitCatalogue['zh-TW'][key]).not.toMatch(/[摄画连线请应]/);
    }
  });
});
