import { readMarkdown } from './lib/markdown';
import type { Fence } from './lib/markdown';

const english = readMarkdown('README.md');
const chinese = readMarkdown('README.zh-CN.md');

/** The code without what is written for people. */
function codeOf({ language, code }: Fence): string {
  const comment = language === 'sh' ? /(^|\s)#.*$/gm : /(^|\s)(\/\/.*|\/\*\*?.*?\*\/)$/gm;
  const lines = code.replace(comment, '').split('\n');
  return [language, ...lines.map((line) => line.trimEnd())].join('\n');
}

describe('README.zh-CN.md', () => {
  it('has the sections of README.md', () => {
    const levels = ({ headings }: typeof english) => headings.map(({ level }) => level);
    expect(levels(chinese)).toEqual(levels(english));
  });

  it('has the code of README.md', () => {
    expect(chinese.fences.map(codeOf)).toEqual(english.fences.map(codeOf));
  });

  it('has the links and pictures of README.md', () => {
    const targets = ({ links }: typeof english) =>
      links.map(({ isImage, target }) => `${isImage ? 'picture' : 'link'} ${target}`);
    expect(targets(chinese)).toEqual(targets(english));
  });
});
