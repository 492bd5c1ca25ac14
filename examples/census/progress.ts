import { SingleBar } from 'cli-progress';

/** Shows how far some work is: as a bar in a terminal, elsewhere as a plain line now and then. On stderr: stdout has the report alone. */
export async function withProgress<Result>(
  title: string,
  files: number,
  work: (onProgress: (files: number) => void) => Promise<Result>,
): Promise<Result> {
  const bar = new SingleBar({
    format: process.stderr.isTTY
      ? `${title.padEnd(12)} {bar} {percentage}%  {value} of {total} files`
      : `${title}: {value} of {total} files`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    noTTYOutput: true,
    clearOnComplete: !process.stderr.isTTY,
    // Leaves the terminal as it is, so that nothing has to be repaired after Ctrl-C.
    linewrap: true,
  });
  bar.start(files, 0);
  try {
    return await work((done) => bar.update(done));
  } finally {
    bar.stop();
  }
}
