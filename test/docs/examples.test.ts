import { markdownFiles } from './lib/markdown';
import { typeCheck } from './lib/type-check';
import type { Example } from './lib/type-check';

/** Fences with the flag `no-check`. There are none; whoever needs one says here why. */
const UNCHECKED_ALLOWED = 0;
const UNCHECKED = 'no-check';
/** Pages that tell about the whole, and need no example. */
const WITHOUT_EXAMPLE = [
  'docs/README.md',
  'docs/architecture.md',
  'docs/device-checklist.md',
  'docs/robustness.md',
];

const CHECK_TIMEOUT_MS = 120_000;

const files = markdownFiles();
const fences = files.flatMap(({ file, fences: own }) => own.map((fence) => ({ file, ...fence })));
const isTypeScript = (language: string): language is Example['language'] =>
  language === 'ts' || language === 'tsx';

const examples = fences.flatMap(({ file, language, flags, code, line }): Example[] =>
  isTypeScript(language) && flags !== UNCHECKED ? [{ file, language, code, line }] : [],
);

describe('the examples of the documentation', () => {
  it(
    'pass the type check, which finds a mistake where there is one',
    () => {
      const mistake: Example = {
        file: 'docs/mistake.md',
        line: 10,
        language: 'tsx',
        code: "import { IotPlayer } from 'taro-iot-video';\nexport const a = <IotPlayer />;",
      };
      const [first, ...others] = typeCheck([mistake, ...examples]);
      expect(first).toMatch(/^docs\/mistake\.md:11: .*'device' is missing/);
      expect(others).toEqual([]);
    },
    CHECK_TIMEOUT_MS,
  );

  it('are all checked', () => {
    const unchecked = fences.filter(({ flags }) => flags === UNCHECKED);
    expect(unchecked.length).toBeLessThanOrEqual(UNCHECKED_ALLOWED);
    // A misspelt flag or language would take an example out of the check unseen.
    const unknown = fences.filter(
      ({ language, flags }) =>
        (flags !== '' && flags !== UNCHECKED) ||
        ['', 'js', 'jsx', 'javascript', 'typescript', 'mts'].includes(language),
    );
    expect(unknown.map(({ file, line }) => `${file}:${line - 1}`)).toEqual([]);
  });

  it('stand on every page', () => {
    const pages = files.filter(
      ({ file }) => file.startsWith('docs/') && !WITHOUT_EXAMPLE.includes(file),
    );
    const without = pages.filter(
      ({ fences: own }) => !own.some(({ language }) => isTypeScript(language)),
    );
    expect(without.map(({ file }) => file)).toEqual([]);
  });
});
