import { availableParallelism } from 'node:os';
import Table from 'cli-table3';
import { type BytePath, readable, toBytePath } from './byte-path';
import type { Findings, Totals } from './findings';

/** The maximum number of rows of a table. */
const ROWS = 10;

/** The maximum width of a table. */
const WIDTH = process.stdout.isTTY ? process.stdout.columns : 100;

/** One way of taking the census, and its duration. */
export interface Timing {
  way: string;
  seconds: number;
}

/** The report that is printed at the end. */
export function report(directory: string, findings: Findings, alone: Timing, together: Timing): string {
  const show = (path: BytePath) => readable(relativeTo(directory, path));
  return [
    types(findings),
    largest(findings, show),
    duplicates(findings, show),
    troubles(findings, show),
    time(findings.total, alone, together),
  ].join('\n\n');
}

type Show = (path: BytePath) => string;

function types({ byType, total }: Findings): string {
  const row = (name: string, { files, lines, words, bytes, longestLine }: Totals) => [
    name,
    ...[files, lines, words, bytes, longestLine].map(number),
  ];
  const sorted = [...byType].sort(([, a], [, b]) => b.bytes - a.bytes);
  const rows = sorted.slice(0, ROWS).map(([type, totals]) => row(type === '' ? 'no extension' : shorten(type, 20), totals));
  if (sorted.length > ROWS) rows.push([`${number(sorted.length - ROWS)} more types`, '', '', '', '', '']);
  return table('Types of files', ['type', '>files', '>lines', '>words', '>bytes', '>longest line'], [...rows, row('all', total)]);
}

function largest(findings: Findings, show: Show): string {
  const rows = findings.largest(ROWS).map(({ path, bytes }) => [number(bytes), show(path)]);
  return table('The largest files', ['>bytes', 'file'], rows);
}

function duplicates(findings: Findings, show: Show): string {
  const contents = findings.duplicates;
  if (contents.length === 0) return 'No two files have the same content.';
  const copies = contents.reduce((sum, content) => sum + content.copies - 1, 0);
  const wasted = contents.reduce((sum, content) => sum + content.wasted, 0);
  const title = `Duplicates: ${number(copies)} files are copies of ${number(contents.length)} others and waste ${number(wasted)} bytes`;
  const rows = contents
    .slice(0, ROWS)
    .map(({ wasted, copies, sha256, paths }) => [number(wasted), number(copies), sha256.slice(0, 12), show(paths[0])]);
  return table(title, ['>bytes wasted', '>copies', 'sha256', 'one of them'], rows);
}

function troubles(findings: Findings, show: Show): string {
  const notFollowed = `Symbolic links, not followed: ${number(findings.links)}`;
  if (findings.troubles.size === 0) return notFollowed;
  const rows = [...findings.troubles]
    .sort(([, a], [, b]) => b.length - a.length)
    .flatMap(([trouble, places]) =>
      places
        .slice(0, 3)
        .map(({ path, code = '' }, i) => (i === 0 ? [trouble, number(places.length), code, show(path)] : ['', '', code, show(path)])),
    );
  return `${table('Trouble', ['what', '>how many', 'code', 'for example'], rows)}\n${notFollowed}`;
}

function time({ files, bytes }: Totals, alone: Timing, together: Timing): string {
  const rows = [alone, together].map(({ way, seconds }) => [
    way,
    seconds.toFixed(3),
    number(Math.round(files / seconds)),
    number(Math.round(bytes / seconds / 1e6)),
  ]);
  const speedup = (alone.seconds / together.seconds).toFixed(2);
  const cores = availableParallelism();
  return `${table('Time', ['the same census by', '>seconds', '>files/s', '>MB/s'], rows)}
Speedup: ${speedup} on ${cores} ${cores === 1 ? 'core' : 'cores'}`;
}

/** A title and a table. A head that begins with `>` aligns its column to the right; the last cell of a row is shortened if necessary. */
function table(title: string, heads: string[], rows: string[][]): string {
  const colors = process.stdout.isTTY && process.stdout.hasColors();
  const head = heads.map((text) => text.replace(/^>/, ''));
  const result = new Table({
    head,
    colAligns: heads.map((text) => (text.startsWith('>') ? 'right' : 'left')),
    style: { head: colors ? ['cyan'] : [], border: colors ? ['grey'] : [], compact: true },
  });
  const others = head.slice(0, -1).map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const room = WIDTH - others.reduce((sum, width) => sum + width + 3, '│  │'.length);
  result.push(...rows.map((row) => [...row.slice(0, -1), shorten(row[row.length - 1], Math.max(room, 20))]));
  return `${title}\n${result.toString()}`;
}

function relativeTo(directory: string, path: BytePath): BytePath {
  const prefix = toBytePath(directory.endsWith('/') ? directory : `${directory}/`);
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** Keeps the end, the most informative part of a path. */
function shorten(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `…${characters.slice(1 - width).join('')}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
