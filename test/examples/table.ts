/** The rows of a table that a program has printed, without its head; of each row, the cells. */
export function rowsOf(output: string): string[][] {
  const rows = output.split('\n').filter((line) => line.startsWith('│'));
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('│')
      .map((cell) => cell.trim()),
  );
}
