import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { show } from '../format';
import type { Selector } from './selector';
import type { SlaveHandle } from './slave-handle';
import type { LivingSlaves } from './living-slaves';
import { isURL } from '../option-rules';

/** The result of a purge. */
export interface PurgeReport {
  /** The number of files that were dropped. */
  readonly files: number;
  /** The number of results that were dropped. */
  readonly results: number;
  /** Their total size in bytes. */
  readonly bytes: number;
  /** The same for each slave, in the order of the selectors. A slave that ended meanwhile is left out. */
  readonly slaves: readonly SlavePurgeReport[];
}

/** The result of a purge in one slave. */
export interface SlavePurgeReport {
  /** The id of the slave. */
  readonly id: number;
  /** The number of files that were dropped. */
  readonly files: number;
  /** The number of results that were dropped. */
  readonly results: number;
  /** Their total size in bytes. */
  readonly bytes: number;
}

/** Returned by `master.purgeCache(…)`: a promise of the {@link PurgeReport}, with a method that restricts the purge to some slaves. */
export interface PurgeRequest extends Promise<PurgeReport> {
  /**
   * Restricts the purge to the slaves that these selectors name. Must be called at once, before anything is awaited.
   *
   * @returns the same promise, which rejects with an UnknownSlaveError when a selector names no living slave: then nothing is purged
   * @throws TypeError when the purge has been sent already
   */
  in(...selectors: Selector[]): PurgeRequest;
}

/** @throws TypeError for anything but a string or a `file:` URL */
export function purgeSlaves(living: LivingSlaves, names: readonly (string | URL)[]): PurgeRequest {
  const files = names.map(toPath);
  const tasks = names.filter((name) => typeof name === 'string');
  let selectors: Selector[] | undefined;
  let sent = false;

  const purge = async (): Promise<PurgeReport> => {
    sent = true;
    const asked = selectors === undefined ? [...living] : living.select(selectors);
    const answers = await Promise.all(asked.map((slave) => purgeOne(slave, files, tasks)));
    const slaves = answers.filter((answer) => answer !== undefined);
    const sum = (of: 'files' | 'results' | 'bytes') => slaves.reduce((total, slave) => total + slave[of], 0);
    return { files: sum('files'), results: sum('results'), bytes: sum('bytes'), slaves };
  };

  // In a microtask, so that `in` can be called first.
  const request = Object.assign(Promise.resolve().then(purge), {
    in: (...more: Selector[]): PurgeRequest => {
      if (sent) throw new TypeError('The purge has been sent already. Call .in(…) at once: purgeCache(…).in(…).');
      selectors = [...(selectors ?? []), ...more];
      return request;
    },
  });
  return request;
}

/** @returns undefined when the slave has ended */
async function purgeOne(slave: SlaveHandle, files: readonly string[], tasks: readonly string[]): Promise<SlavePurgeReport | undefined> {
  if (!slave.isAlive) return undefined;
  return slave.purge(files, tasks).then(
    (freed) => ({ id: slave.id, files: freed.files, results: freed.results, bytes: freed.bytes }),
    (error: unknown) => {
      if (slave.isAlive) throw error;
      return undefined;
    },
  );
}

/** A string may be the name of a task as well. */
function toPath(name: unknown): string {
  if (isURL(name)) return fileURLToPath(name.href);
  if (typeof name !== 'string' || name === '') throw new TypeError(`What to purge is a file or the name of a task, not ${show(name)}.`);
  return name.startsWith('file:') ? fileURLToPath(name) : resolve(name);
}
