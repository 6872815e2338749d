'use strict';

const { parseSync, traverse } = require('@babel/core');

/** @typedef {import('@babel/core').NodePath} NodePath */
/** @typedef {import('@babel/types').Class} Class */
/** @typedef {import('@babel/types').Identifier} Identifier */
/** @typedef {import('@babel/types').MemberExpression} MemberExpression */
/** @typedef {import('@babel/types').OptionalMemberExpression} OptionalMemberExpression */
/** @typedef {import('@babel/core').NodePath<Class>} ClassPath */
/** @typedef {{ start: number, end: number, text: string }} Edit */

/**
 * Makes the classes of a TypeScript file smaller, in ways that no minifier dares to.
 *
 * Fields that only declare a type go, as they do in TypeScript's own output; Babel would define each.
 *
 * Private members get short names, where nothing but `this.name` within their own class can mean them:
 * TypeScript lets nobody else name them. A member keeps its name
 * - in a class that extends another, whose members would otherwise have the same short names,
 * - when the class also writes `other.name`, where `other` may be of the class or not,
 * - when the class passes `this` on along with the name (`makeObservable(this, { name: … })`),
 *   destructures `this`, or names members by string.
 *
 * @param {string} source of a file in TypeScript
 * @param {string} filename ends in `.ts` or `.tsx`
 * @returns {string} the same code, on the same lines
 */
function compactClasses(source, filename) {
  if (!/\bclass\b/.test(source)) return source;
  const ast = parseSync(source, {
    filename,
    babelrc: false,
    configFile: false,
    parserOpts: { plugins: filename.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'] },
  });
  if (ast === null) return source;
  /** @type {Edit[]} */
  const edits = [];
  traverse(ast, {
    Class(path) {
      edits.push(...typeOnlyFields(path.node));
      if (path.node.superClass == null) edits.push(...shortNames(path));
    },
  });
  return apply(source, edits);
}

/**
 * @param {Class} node
 * @returns {readonly Edit[]}
 */
function typeOnlyFields(node) {
  return node.body.body
    .filter((member) => member.type === 'ClassProperty')
    .filter(({ value, computed, decorators }) => value == null && !computed && !decorators?.length)
    .map(({ start, end }) => ({ start: start ?? 0, end: end ?? 0, text: '' }));
}

/**
 * @param {ClassPath} path of a class that extends none
 * @returns {readonly Edit[]}
 */
function shortNames(path) {
  const members = privateMembers(path.node);
  const { uses, kept } = usesOf(path, members);
  const taken = memberNames(path);
  /** @type {Edit[]} */
  const edits = [];
  let count = 0;
  for (const [name, declarations] of members) {
    if (kept.has(name)) continue;
    let short;
    do short = shortName(count++);
    while (taken.has(short));
    if (short.length >= name.length) continue;
    for (const { key, parameter } of declarations) {
      if (parameter) edits.push(...renamedBinding(path, key, short));
      else edits.push({ ...rangeOf(key), text: short });
    }
    for (const use of uses.get(name) ?? []) edits.push({ ...use, text: short });
  }
  return edits;
}

/** @typedef {{ key: Identifier, parameter: boolean }} Declaration */

/**
 * Private members by name; a getter and its setter have two declarations.
 *
 * @param {Class} node
 */
function privateMembers(node) {
  /** @type {Map<string, Declaration[]>} */
  const found = new Map();
  const add = (/** @type {Identifier} */ key, parameter = false) =>
    found.set(key.name, [...(found.get(key.name) ?? []), { key, parameter }]);
  for (const member of node.body.body) {
    if (member.type === 'ClassMethod' && member.kind === 'constructor') {
      for (const param of member.params) {
        if (param.type !== 'TSParameterProperty' || param.accessibility !== 'private') continue;
        const { parameter } = param;
        const key = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
        if (key.type === 'Identifier') add(key, true);
      }
    }
    if (!('accessibility' in member) || member.accessibility !== 'private' || member.static)
      continue;
    if (!('key' in member) || member.computed || member.key.type !== 'Identifier') continue;
    if (member.type === 'ClassMethod' && member.kind === 'constructor') continue;
    add(member.key);
  }
  return found;
}

/**
 * Where each member is used as `this.name`, and which members the class names in another way.
 *
 * @param {NodePath} owner
 * @param {ReadonlyMap<string, unknown>} members
 */
function usesOf(owner, members) {
  /** @type {Map<string, { start: number, end: number }[]>} */
  const uses = new Map();
  /** @type {Set<string>} */
  const kept = new Set();
  /** @param {NodePath} path whose strings and keys may name members */
  const keepNamesIn = (path) => {
    path.traverse({
      StringLiteral: ({ node }) => void kept.add(node.value),
      TemplateElement: ({ node }) => void kept.add(node.value.raw),
      ObjectProperty: ({ node }) =>
        void (node.key.type === 'Identifier' && kept.add(node.key.name)),
      ObjectMethod: ({ node }) => void (node.key.type === 'Identifier' && kept.add(node.key.name)),
    });
  };
  /** @param {import('@babel/core').NodePath<MemberExpression | OptionalMemberExpression>} path */
  const member = (path) => {
    const { object, property, computed } = path.node;
    if (computed) {
      if (property.type === 'StringLiteral') kept.add(property.value);
      else if (object.type === 'ThisExpression') for (const name of members.keys()) kept.add(name);
      return;
    }
    if (property.type !== 'Identifier' || !members.has(property.name)) return;
    if (object.type !== 'ThisExpression' || !isThisOf(path, owner)) {
      kept.add(property.name);
      return;
    }
    uses.set(property.name, [...(uses.get(property.name) ?? []), rangeOf(property)]);
  };
  owner.traverse({
    MemberExpression: member,
    OptionalMemberExpression: member,
    ThisExpression(path) {
      const { parentPath } = path;
      const isObject = parentPath.isMemberExpression() || parentPath.isOptionalMemberExpression();
      if (isObject && path.key === 'object') return;
      // Wherever else `this` goes, names beside it may mean members.
      keepNamesIn(
        parentPath.isSpreadElement() ? (parentPath.parentPath ?? parentPath) : parentPath,
      );
    },
    TSIndexedAccessType: keepNamesIn,
    BinaryExpression({ node }) {
      if (node.operator === 'in' && node.left.type === 'StringLiteral') kept.add(node.left.value);
    },
  });
  return { uses, kept };
}

/**
 * Whether `this` at a place is the class's instance: no other class or function stands between.
 *
 * @param {NodePath} path
 * @param {NodePath} owner
 */
function isThisOf(path, owner) {
  const scope = path.findParent(
    (one) =>
      one.isClass() ||
      one.isObjectMethod() ||
      one.isFunctionDeclaration() ||
      one.isFunctionExpression() ||
      one.isTSModuleBlock(),
  );
  return scope?.node === owner.node;
}

/** @param {ClassPath} path */
function memberNames(path) {
  const names = new Set();
  path.traverse({ Identifier: ({ node }) => void names.add(node.name) });
  return names;
}

/**
 * A parameter property is a parameter too, which the constructor may use by its name.
 *
 * @param {ClassPath} owner
 * @param {Identifier} key
 * @param {string} short
 * @returns {readonly Edit[]}
 */
function renamedBinding(owner, key, short) {
  const edits = [{ start: key.start ?? 0, end: (key.start ?? 0) + key.name.length, text: short }];
  owner.traverse({
    ClassMethod(method) {
      if (method.node.kind !== 'constructor' || method.parent !== owner.node.body) return;
      method.traverse({
        Identifier(path) {
          if (path.node === key || path.node.name !== key.name) return;
          if (!path.isReferencedIdentifier()) return;
          // Babel knows no binding of a parameter property; another one hides it.
          const binding = path.scope.getBindingIdentifier(key.name);
          if (binding !== undefined && binding !== key) return;
          const isShorthand =
            path.parentPath.isObjectProperty() && path.parentPath.node.shorthand === true;
          edits.push({
            ...rangeOf(path.node),
            text: isShorthand ? `${key.name}: ${short}` : short,
          });
        },
      });
      method.skip();
    },
  });
  return edits;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** @param {number} index */
const shortName = (index) =>
  index < LETTERS.length
    ? `_${LETTERS[index]}`
    : `_${LETTERS[Math.floor(index / LETTERS.length) - 1]}${LETTERS[index % LETTERS.length]}`;

/** @param {{ start?: number | null, end?: number | null, name: string }} node */
const rangeOf = ({ start, name }) => ({ start: start ?? 0, end: (start ?? 0) + name.length });

/**
 * @param {string} source
 * @param {readonly Edit[]} edits
 */
function apply(source, edits) {
  let text = '';
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    // A name within a field that goes.
    if (edit.start < from) continue;
    text += source.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return text + source.slice(from);
}

module.exports = { compactClasses };
