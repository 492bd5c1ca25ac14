/**
 * A census of real files: their number by type, the largest, the duplicates, and the speed-up of the slaves over a single
 * process.
 *
 *     npm run demo [directory]
 */
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Client, Master } from 'dist-io';
import { masterModule, slaveModule } from 'dist-io/inversify';
import { Container } from 'inversify';
import { Census, MEASURER } from './census';
import { FileMeasurer } from './file-measurer';
import type { Findings } from './findings';
import { withProgress } from './progress';
import { report } from './report';
import { walk } from './walk';

async function main(directory: string): Promise<void> {
  checkDirectory(directory);
  console.log(`A census of ${directory}`);
  const files = countFiles(directory);

  const container = new Container();
  const slaveFile = join(__dirname, 'file-measurer.ts');
  container.load(masterModule(), slaveModule<FileMeasurer>(MEASURER, slaveFile, { count: availableParallelism() }));
  container.bind(Census).toSelf();
  try {
    const started = performance.now();
    const together = container.get(Census);
    const alone = new Census(measurerInThisProcess());
    const { slaves } = container.get(Master);
    await Promise.all(Array.from(slaves, (slave) => slave.ready()));
    console.log(`${files} files; ${slaves.length} slaves, started in ${secondsSince(started).toFixed(2)} seconds\n`);

    const run = async (way: string, census: Census): Promise<{ way: string; seconds: number; findings: Findings }> => {
      const begun = performance.now();
      const findings = await withProgress(way, files, (onProgress) => census.take(directory, onProgress));
      return { way, seconds: secondsSince(begun), findings };
    };
    // A warm-up: after it, the files are in the page cache and the code of both ways is compiled.
    await Promise.all([run('warming up', alone), together.take(directory)]);
    const one = await run('one process', alone);
    const many = await run(`${slaves.length} slaves`, together);
    console.log(`\n${report(directory, many.findings, one, many)}`);
  } finally {
    await container.unbindAllAsync();
  }
}

function checkDirectory(directory: string): void {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`there is no '${directory}'.`);
  if (!stats.isDirectory()) throw new Error(`'${directory}' is not a directory.`);
}

/** The total for the progress bar. */
function countFiles(directory: string): number {
  let files = 0;
  for (const { kind } of walk(directory)) if (kind === 'file') files++;
  return files;
}

/** Measures with the slaves' code in this process, as the baseline for their speed. */
function measurerInThisProcess(): Client<FileMeasurer> {
  const measurer = new FileMeasurer();
  return {
    async measure(paths) {
      // Yields to Ctrl-C and the progress bar.
      await setImmediate();
      return measurer.measure(paths);
    },
  };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

main(process.argv[2] ?? './node_modules').catch((error: unknown) => {
  console.error(`The census could not be taken: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
