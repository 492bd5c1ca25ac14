import { availableParallelism } from 'node:os';
import type { Client } from 'dist-io';
import { inject, injectable } from 'inversify';
import type { BytePath } from './byte-path';
import type { FileMeasurer } from './file-measurer';
import { Findings } from './findings';
import { walk } from './walk';

/** The injection token of the measurer. */
export const MEASURER = Symbol.for('Measurer');

const FILES_IN_A_REQUEST = 64;

/** Two for each core: while a slave measures one batch, the next is already queued in it. */
const REQUESTS_IN_FLIGHT = 2 * availableParallelism();

/** Finds the files of a directory and distributes them to the slaves, which measure them. */
@injectable()
export class Census {
  /** @param measurer a client of all slaves; each request goes to the least busy one */
  constructor(@inject(MEASURER) private readonly measurer: Client<FileMeasurer>) {}

  /** @param onProgress called with the number of files measured so far */
  async take(directory: string, onProgress: (files: number) => void = () => undefined): Promise<Findings> {
    const findings = new Findings();
    const batches = this.batches(directory, findings);
    let files = 0;

    // All loops read from one source, so that files are found no faster than they are measured.
    const keepOneInFlight = async (): Promise<void> => {
      for (const batch of batches) {
        const measurements = await this.measurer.measure(batch);
        batch.forEach((path, i) => findings.addFile(path, measurements[i]));
        onProgress((files += batch.length));
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_IN_FLIGHT }, keepOneInFlight));
    return findings;
  }

  private *batches(directory: string, findings: Findings): Generator<BytePath[]> {
    let batch: BytePath[] = [];
    for (const entry of walk(directory)) {
      findings.addEntry(entry);
      if (entry.kind === 'file') batch.push(entry.path);
      if (batch.length < FILES_IN_A_REQUEST) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
}
