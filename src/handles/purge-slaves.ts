import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { show } from '../format';
import type { Selector } from './selector';
import type { SlaveHandle } from './slave-handle';
import type { LivingSlaves } from './living-slaves';
import { isURL } from '../option-rules';

/** What a purge has freed. */
export interface PurgeReport {
  /** How many files were forgotten. */
  readonly files: number;
  /** How many results of tasks. */
  readonly results: number;
  /** How many bytes they had together. */
  readonly bytes: number;
  /** The same for each slave, in the order in which they were named. Those that ended meanwhile are not among them. */
  readonly slaves: readonly SlavePurgeReport[];
}

/** What a purge has freed in one slave. */
export interface SlavePurgeReport {
  /** The id of the slave. */
  readonly id: number;
  /** How many files were forgotten. */
  readonly files: number;
  /** How many results of tasks. */
  readonly results: number;
  /** How many bytes they had together. */
  readonly bytes: number;
}

/** What `master.purgeCache(…)` returns: a promise of the {@link PurgeReport}, and a way to say which slaves are meant. */
export interface PurgeRequest extends Promise<PurgeReport> {
  /**
   * Purges only the slaves that these selectors name. It is said at once, before anything is awaited.
   *
   * @returns the same promise, which rejects with an UnknownSlaveError when a selector names no living slave: then nothing is purged
   * @throws TypeError when the purge has been sent already
   */
  in(...selectors: Selector[]): PurgeRequest;
}

/** @throws TypeError for what is neither a text nor a `file:` URL */
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

  // In a microtask: by then, `in` has been called if it ever is.
  const request = Object.assign(Promise.resolve().then(purge), {
    in: (...more: Selector[]): PurgeRequest => {
      if (sent) throw new TypeError('This comes too late: the slaves have been told. Write purgeCache(…).in(…) in one go.');
      selectors = [...(selectors ?? []), ...more];
      return request;
    },
  });
  return request;
}

/** @returns undefined when the slave has ended: it remembers nothing any more */
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

/** A text may be the name of a task as well. */
function toPath(name: unknown): string {
  if (isURL(name)) return fileURLToPath(name.href);
  if (typeof name !== 'string' || name === '') throw new TypeError(`What to purge is a file or the name of a task, not ${show(name)}.`);
  return name.startsWith('file:') ? fileURLToPath(name) : resolve(name);
}
