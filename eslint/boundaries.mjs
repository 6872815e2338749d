import boundaries from 'eslint-plugin-boundaries';
import { ELEMENTS } from './layers.mjs';

/** A folder's public surface: its index, or the index of one host (`index.h5.tsx`). */
const INDEX = 'index.*';

const elementsNamed = (types) =>
  types.map((type) => {
    const { index = INDEX } = ELEMENTS.find((element) => element.type === type);
    return { element: { type, fileInternalPath: index } };
  });

function policiesOf({ type, flat, parent, imports, types = [], packages, node }) {
  // Only the files beside the subfolders belong to a flat folder: a subfolder without a line in
  // layers.mjs may then import nothing and be imported by nobody.
  const from = { element: flat ? { type, fileInternalPath: '*' } : { type } };
  return [
    ...(imports.length > 0 ? [{ from, allow: { to: elementsNamed(imports) } }] : []),
    ...(types.length > 0
      ? [{ from, allow: { to: elementsNamed(types), dependency: { kind: 'type' } } }]
      : []),
    ...(parent
      ? [{ from, allow: { to: { element: { type: parent, fileInternalPath: '*' } } } }]
      : []),
    { from, allow: { to: { module: { origin: 'external', source: packages } } } },
    ...(node ? [{ from, allow: { to: { module: { origin: 'core' } } } }] : []),
  ];
}

/** The import boundaries of a tree that is laid out like this repository, standing at `root`. */
export function importBoundaries(root) {
  return {
    // Tests, benches and tools look wherever they need to.
    files: ['{services,components,src,agents}/**/*.{ts,tsx}'],
    plugins: { boundaries },
    settings: {
      'boundaries/root-path': root,
      'boundaries/elements': ELEMENTS.map(({ type, pattern }) => ({
        type,
        pattern,
        partialMatch: false,
      })),
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export', 'require'],
      'boundaries/legacy-templates': false,
      'import/resolver': {
        typescript: { project: `${root}/tsconfig.json` },
      },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          checkAllOrigins: true,
          checkUnknownLocals: true,
          policies: ELEMENTS.flatMap(policiesOf),
        },
      ],
    },
  };
}
