import type { Master } from 'dist-io';
import type { toBytePath } from '../census/byte-path';
import type { FileMeasurer, Measurement } from '../census/file-measurer';
import { walk } from '../census/walk';

const FILES_IN_A_JOB = 64;

/** What one slave did. */
interface Work {
  host: string;
  slave: number;
  files: number;
  bytes: number;
}

/** Measures all files of a directory on four slaves of any hosts, and prints who did what. */
export async function takeCensus(master: Master, directory: string): Promise<void> {
  const pool = master.createPool<{ 'measure files': FileMeasurer['measure'] }>(4, 'file-measurer', { host: 'any' });
  const work = new Map<number, Work>();
  const count = (slave: number, host: string, measurements: readonly Measurement[]): void => {
    const done = work.get(slave) ?? { host, slave, files: 0, bytes: 0 };
    done.files += measurements.length;
    for (const facts of measurements) if (!('failed' in facts)) done.bytes += facts.bytes;
    work.set(slave, done);
  };

  const jobs = batches(directory).map(async (batch) => {
    const response = await pool.do('measure files', batch);
    count(response.slave.id, response.slave.host ?? 'this machine', response.unwrap());
  });
  await Promise.all(jobs);
  await pool.exit();

  console.log(`A census of ${directory}`);
  console.table([...work.values()].sort((a, b) => a.slave - b.slave));
}

function batches(directory: string): ReturnType<typeof toBytePath>[][] {
  const paths = [...walk(directory)].filter((entry) => entry.kind === 'file').map(({ path }) => path);
  return Array.from({ length: Math.ceil(paths.length / FILES_IN_A_JOB) }, (_, i) =>
    paths.slice(i * FILES_IN_A_JOB, (i + 1) * FILES_IN_A_JOB),
  );
}
