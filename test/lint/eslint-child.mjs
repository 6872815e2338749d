// Runs outside Jest: ESLint loads its flat config by a dynamic import, which Jest's sandbox lacks.
// In: {"sources": [{"filePath", "code"}], "tree"?: folder}. Out: the messages of each source.
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { importBoundaries } from '../../eslint/boundaries.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const { sources, tree } = JSON.parse(await text(process.stdin));

const options = tree
  ? {
      cwd: tree,
      overrideConfigFile: true,
      overrideConfig: [
        { files: ['**/*.{ts,tsx}'], languageOptions: { parser: tseslint.parser } },
        importBoundaries(tree),
      ],
    }
  : {
      cwd: repository,
      // The sources do not exist as files, so there are no types to lint with.
      overrideConfig: [
        {
          ...tseslint.configs.disableTypeChecked,
          languageOptions: { parserOptions: { projectService: false } },
        },
      ],
    };

const eslint = new ESLint(options);
const results = [];
for (const { filePath, code } of sources) {
  const [result] = await eslint.lintText(code, { filePath: path.join(options.cwd, filePath) });
  results.push(result.messages.map(({ ruleId, message }) => ruleId ?? message));
}
process.stdout.write(JSON.stringify(results));
