import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

const resultsFolder = path.resolve(__dirname, '../results');

function format(cell: Cell | undefined): string {
  if (typeof cell !== 'number') return cell === null || cell === undefined ? '-' : String(cell);
  if (Number.isInteger(cell)) return String(cell);
  return Math.abs(cell) >= 100 ? cell.toFixed(0) : cell.toPrecision(3);
}

/** Text columns stand left, numbers right. */
export function formatTable(columns: readonly string[], rows: readonly Row[]): string {
  const lines = [[...columns], ...rows.map((row) => columns.map((name) => format(row[name])))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const isNumeric = columns.map((name) => rows.every((row) => typeof row[name] !== 'string'));
  return lines
    .map((line) =>
      line
        .map((cell, i) =>
          isNumeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Prints a bench's figures and writes the same to bench/results/<name>.json. */
export function report(
  name: string,
  columns: readonly string[],
  rows: readonly Row[],
  meta: Readonly<Record<string, Cell>> = {},
): void {
  const cpus = os.cpus();
  const machine = {
    date: new Date().toISOString(),
    node: process.version,
    cpu: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
  };
  const settings = Object.entries(meta).map(([key, value]) => `${key}=${format(value)}`);
  console.log(`${name}${settings.length > 0 ? ` (${settings.join(', ')})` : ''}`);
  console.log(`node ${machine.node}, ${machine.cores} × ${machine.cpu}\n`);
  console.log(formatTable(columns, rows));

  const file = path.join(resultsFolder, `${name}.json`);
  mkdirSync(resultsFolder, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ name, ...machine, meta, columns, rows }, null, 2)}\n`);
  console.log(`\nWritten to ${path.relative(process.cwd(), file)}`);
}
