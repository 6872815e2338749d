'use strict';

const path = require('node:path');
const { compactClasses } = require('./compact-classes');

/** File and export of each language's catalogue. */
const CATALOGUES = {
  'zh-CN': { file: 'zh-cn', name: 'zhCN' },
  'zh-TW': { file: 'zh-tw', name: 'zhTW' },
  en: { file: 'en', name: 'en' },
};

/**
 * A webpack loader for the kit's own sources, before they are compiled: leaves out the languages that the
 * app does not ship, and compacts the names of private members.
 *
 * @this {import('./types').KitLoaderContext}
 * @param {string} source
 */
module.exports = function kitLoader(source) {
  const { languages, compact } = this.getOptions();
  const text = inLanguages(source, this.resourcePath, languages);
  return compact ? compactClasses(text, this.resourcePath) : text;
};

/**
 * @param {string} source
 * @param {string} file
 * @param {readonly import('./types').Language[]} languages at least one
 */
function inLanguages(source, file, languages) {
  const { name, ext, dir } = path.parse(file);
  if (!/^\.[jt]s$/.test(ext) || path.basename(dir) !== 'i18n') return source;
  if (name === 'languages') return `export const LANGUAGES = ${JSON.stringify(languages)};\n`;
  const dropped = Object.entries(CATALOGUES).find(
    ([language, one]) => one.file === name && !languages.some((wanted) => wanted === language),
  )?.[1];
  if (dropped === undefined) return source;
  const fallback = CATALOGUES[languages.includes('en') ? 'en' : (languages[0] ?? 'en')];
  return `export { ${fallback.name} as ${dropped.name} } from './${fallback.file}';\n`;
}

/** @type {readonly import('./types').Language[]} */
module.exports.LANGUAGES = ['zh-CN', 'zh-TW', 'en'];
