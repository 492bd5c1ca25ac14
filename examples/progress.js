const { SingleBar } = require('cli-progress');

/** Shows the progress of `work` on stderr: a bar in a terminal, otherwise a line now and then. Stdout is for the result. */
exports.withProgress = async function withProgress(title, total, work) {
  const terminal = process.stderr.isTTY;
  const bar = new SingleBar({
    format: terminal ? `${title} {bar} {percentage}%  {value} of {total}` : `${title}: {value} of {total}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    noTTYOutput: true,
    notTTYSchedule: 500,
    clearOnComplete: !terminal,
    // Leaves the terminal's settings alone, so that Ctrl-C has nothing to restore.
    linewrap: true,
  });
  bar.start(total, 0);
  try {
    return await work((done) => bar.update(done));
  } finally {
    bar.stop();
  }
};
