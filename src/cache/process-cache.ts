import { processSlave } from '../slave/current-slave';
import { FileCache } from './file-cache';

/** The file cache of a process, which can answer for its `fs`. */
export class ProcessCache extends FileCache {
  /**
   * Makes `fs.readFile`, `fs.readFileSync` and `fs.promises.readFile` answer from this cache, and everything in `fs` that changes a
   * file purge that file. Their results and errors stay Node's own. A second call does nothing.
   *
   * It is this cache alone that can: there is one `fs` in a process, and one cache can answer for it.
   */
  wrapFS(): this {
    // Loaded late: most that use the cache ask it themselves.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    (require('./wrap-fs') as typeof import('./wrap-fs')).wrapFS(this.reads);
    return this;
  }

  /** The inverse of {@link wrapFS}. When another library has wrapped `fs` since, its wrapper goes on working. */
  unwrapFS(): this {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    (require('./wrap-fs') as typeof import('./wrap-fs')).unwrapFS();
    return this;
  }
}

/** One for each process, whatever number of copies of dist-io is installed in it: a purge must reach what all of them keep. */
const KEY = Symbol.for('dist-io.cache');

const shared = globalThis as { [KEY]?: ProcessCache };

/** The file cache of this process or thread. */
export const cache: ProcessCache = (shared[KEY] ??= create());

function create(): ProcessCache {
  const created = new ProcessCache();
  processSlave.purgeables.add({
    purge: ({ files, tasks }) => {
      // Who names only tasks means no file.
      const freed = files.length === 0 && tasks.length > 0 ? { files: 0, bytes: 0 } : created.purge(...files);
      return { ...freed, results: 0 };
    },
  });
  return created;
}
