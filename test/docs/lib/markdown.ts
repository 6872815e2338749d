import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../../..');

/** Not ours, or made by a build. */
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'coverage']);

export interface Fence {
  /** The language, e.g. `tsx`; empty for a fence without one. */
  readonly language: string;
  /** What stands after the language. */
  readonly flags: string;
  readonly code: string;
  /** The line of the first line of code, from 1 on. */
  readonly line: number;
}

export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly line: number;
}

export interface Link {
  readonly isImage: boolean;
  readonly target: string;
  readonly line: number;
}

export interface MarkdownFile {
  /** Relative to the repository, with `/`. */
  readonly file: string;
  readonly fences: readonly Fence[];
  readonly headings: readonly Heading[];
  readonly links: readonly Link[];
}

/** Every Markdown file of the repository. */
export function markdownFiles(): MarkdownFile[] {
  return filesBelow('').map(readMarkdown);
}

/** @param file relative to the repository */
export function readMarkdown(file: string): MarkdownFile {
  return { file, ...parseMarkdown(readFileSync(path.join(ROOT, file), 'utf8'), file) };
}

/** @throws Error for a fence that is not closed. */
export function parseMarkdown(text: string, name: string): Omit<MarkdownFile, 'file'> {
  const fences: Fence[] = [];
  const headings: Heading[] = [];
  const links: Link[] = [];
  let open: { readonly mark: string; readonly info: string; readonly line: number } | null = null;
  let code: string[] = [];
  text.split('\n').forEach((content, index) => {
    const line = index + 1;
    const mark = /^ {0,3}(`{3,}|~{3,})\s*(.*)$/.exec(content);
    if (open !== null) {
      if (mark === null || !mark[1]!.startsWith(open.mark) || mark[2] !== '') {
        code.push(content);
        return;
      }
      const [language = '', ...flags] = open.info.split(/\s+/);
      fences.push({ language, flags: flags.join(' '), code: code.join('\n'), line: open.line + 1 });
      open = null;
      code = [];
    } else if (mark !== null) open = { mark: mark[1]!, info: mark[2]!.trim(), line };
    else {
      const heading = /^(#{1,6}) (.+)$/.exec(content);
      if (heading !== null) headings.push({ level: heading[1]!.length, text: heading[2]!, line });
      links.push(...linksOf(content).map((link) => ({ ...link, line })));
    }
  });
  if (open !== null) throw new Error(`${name}: a fence is not closed`);
  return { fences, headings, links };
}

/** The fragment by which GitHub links to a heading. */
export function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function linksOf(line: string): Omit<Link, 'line'>[] {
  const prose = line.replace(/`[^`]*`/g, '');
  const links: Omit<Link, 'line'>[] = [];
  for (const [, bang, target] of prose.matchAll(/(!?)\[[^\]]*\]\(([^)\s]+)[^)]*\)/g)) {
    links.push({ isImage: bang === '!', target: target! });
  }
  for (const [, element, target] of prose.matchAll(/<(img|a)\b[^>]*?\b(?:src|href)="([^"]*)"/g)) {
    links.push({ isImage: element === 'img', target: target! });
  }
  return links;
}

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || SKIPPED_FOLDERS.has(entry.name) ? [] : filesBelow(file);
    }
    return entry.name.endsWith('.md') ? [file] : [];
  });
}
