import { availableParallelism } from 'node:os';
import type { Client } from 'dist-io';
import { inject, injectable } from 'inversify';
import type { BytePath } from './byte-path';
import type { FileMeasurer } from './file-measurer';
import { Findings } from './findings';
import { walk } from './walk';

/** What the census injects its measurers by. */
export const MEASURER = Symbol.for('Measurer');

const FILES_IN_A_REQUEST = 64;

/** Two for each core: while a slave measures one batch, the next is already waiting at its door. */
const REQUESTS_IN_FLIGHT = 2 * availableParallelism();

/** Finds the files of a directory and spreads them over those who measure. */
@injectable()
export class Census {
  /** @param measurer speaks for all slaves; each request goes to the one with the least to do */
  constructor(@inject(MEASURER) private readonly measurer: Client<FileMeasurer>) {}

  /** @param onProgress called with the number of files that have been measured so far */
  async take(directory: string, onProgress: (files: number) => void = () => undefined): Promise<Findings> {
    const findings = new Findings();
    const batches = this.batches(directory, findings);
    let files = 0;

    // All of them take from one source, which so goes no faster than the slaves do.
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
