const { SingleBar } = require('cli-progress');

/** Shows how far some work is: as a bar in a terminal, elsewhere as a plain line now and then. On stderr: stdout has the result alone. */
exports.withProgress = async function withProgress(title, total, work) {
  const terminal = process.stderr.isTTY;
  const bar = new SingleBar({
    format: terminal ? `${title} {bar} {percentage}%  {value} of {total}` : `${title}: {value} of {total}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    noTTYOutput: true,
    notTTYSchedule: 500,
    clearOnComplete: !terminal,
    // Leaves the terminal as it is, so that nothing has to be repaired after Ctrl-C.
    linewrap: true,
  });
  bar.start(total, 0);
  try {
    return await work((done) => bar.update(done));
  } finally {
    bar.stop();
  }
};
