import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The cells of a row of a Markdown table, the first one without its backticks. */
export type Row = string[];

/** The rows of the tables of a page of `docs`, by the heading that they stand under. */
export function tablesOf(page: string): Map<string, Row[]> {
  const text = readFileSync(join(__dirname, '..', '..', 'docs', page), 'utf8');
  const tables = new Map<string, Row[]>();
  for (const section of text.split(/^#+ /m).slice(1)) {
    const [heading] = section.split('\n', 1);
    const lines = section.split('\n').filter((line) => line.startsWith('| `'));
    tables.set(
      heading,
      lines.map((line) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      ),
    );
  }
  return tables;
}

/** The names in backticks. */
export function namesIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name);
}
