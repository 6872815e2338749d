import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ROWS = 'test/conformance/guide-rows.txt';
const PAGE = 'docs/p2p-module.md';
const TEST_FOLDERS = ['test/conformance', 'test/services/p2p/module'];
/** `it`, and the suite's own for tests that not every subject can take. */
const TEST_FUNCTION = /^(it|with[A-Z]\w*)$/;

/** See check-guide.d.mts. */
export function checkGuide(root) {
  const read = (file) => readFileSync(path.join(root, file), 'utf8');
  const rows = read(ROWS).split('\n').filter(Boolean);
  const titles = new Set();
  for (const folder of TEST_FOLDERS) {
    for (const name of readdirSync(path.join(root, folder))) {
      if (!name.endsWith('.ts')) continue;
      for (const title of testTitles(read(`${folder}/${name}`), name)) titles.add(title);
    }
  }
  return checkRows(rows, read(PAGE), titles);
}

export function testTitles(text, file) {
  const titles = [];
  const visit = (node, path) => {
    if (!ts.isCallExpression(node)) {
      ts.forEachChild(node, (child) => visit(child, path));
      return;
    }
    const [title] = node.arguments;
    const isTitled = title !== undefined && ts.isStringLiteralLike(title);
    const name = rootOf(node.expression);
    if (isTitled && TEST_FUNCTION.test(name)) titles.push([...path, title.text].join(' › '));
    const inner = isTitled && name === 'describe' ? [...path, title.text] : path;
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest), []);
  return titles;
}

export function checkRows(rows, checklist, titles) {
  const listed = new Map();
  for (const line of checklist.split('\n')) {
    const match = /^\| `([^`]+)` +\| ([^|]*› [^|]*?) +\|$/.exec(line);
    if (match !== null) listed.set(match[1], match[2]);
  }
  const missing = rows.filter((row) => !listed.has(row));
  const unknown = [...listed.keys()].filter((row) => !rows.includes(row));
  const untested = [...listed].filter(([, title]) => !titles.has(title));
  return [
    ...missing.map((row) => `the checklist lacks the guide's row "${row}"`),
    ...unknown.map((row) => `the guide has no row "${row}"`),
    ...untested.map(([row, title]) => `"${row}" names a test that is not there: ${title}`),
  ];
}

/** What a call begins with: `it` of `it.each(…)(…)`; `''` for a test that is skipped. */
function rootOf(expression) {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isCallExpression(expression)) return rootOf(expression.expression);
  if (!ts.isPropertyAccessExpression(expression)) return '';
  return expression.name.text === 'each' ? rootOf(expression.expression) : '';
}
