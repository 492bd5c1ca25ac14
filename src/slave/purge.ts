import { processSlave } from './current-slave';
import type { Purgeable } from './purgeable';
import type { Slave } from './slave';

/** Purges the caches of this slave, including those that all slaves of its process share. */
export function purge(slave: Slave, names: Parameters<Purgeable['purge']>[0]): ReturnType<Purgeable['purge']> {
  const freed = { files: 0, results: 0, bytes: 0 };
  for (const purgeable of new Set([...slave.purgeables, ...processSlave.purgeables])) {
    const { files, results, bytes } = purgeable.purge(names);
    freed.files += files;
    freed.results += results;
    freed.bytes += bytes;
  }
  return freed;
}
