import { SingleBar } from 'cli-progress';

/** Shows the progress of `work` on stderr: a bar in a terminal, otherwise a line now and then. Stdout is for the report. */
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
    // Leaves the terminal's settings alone, so that Ctrl-C has nothing to restore.
    linewrap: true,
  });
  bar.start(files, 0);
  try {
    return await work((done) => bar.update(done));
  } finally {
    bar.stop();
  }
}
