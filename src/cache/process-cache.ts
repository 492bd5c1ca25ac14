import { processSlave } from '../slave/current-slave';
import { FileCache } from './file-cache';

/** The file cache of a process, which can also answer its `fs`. */
export class ProcessCache extends FileCache {
  /**
   * Makes `fs.readFile`, `fs.readFileSync` and `fs.promises.readFile` read through this cache, and every function of `fs` that changes a
   * file drop that file. Results and errors stay Node's own. A second call does nothing.
   *
   * Only this cache has the method: a process has one `fs`, which one cache can answer.
   */
  wrapFS(): this {
    lazy.wrapFs().wrapFS(this.reads);
    return this;
  }

  /** The inverse of {@link wrapFS}. The wrapper of another library that wrapped `fs` since keeps working. */
  unwrapFS(): this {
    lazy.wrapFs().unwrapFS();
    return this;
  }
}

/** One per process, even with several copies of dist-io: a purge must reach all of them. */
const KEY = Symbol.for('dist-io.cache');

const shared = globalThis as { [KEY]?: ProcessCache };

/** The file cache of this process or thread. */
export const cache: ProcessCache = (shared[KEY] ??= create());

function create(): ProcessCache {
  const created = new ProcessCache();
  processSlave.purgeables.add({
    purge: ({ files, tasks }) => {
      // A purge that names only tasks drops no file.
      const freed = files.length === 0 && tasks.length > 0 ? { files: 0, bytes: 0 } : created.purge(...files);
      return { ...freed, results: 0 };
    },
  });
  return created;
}

const lazy = {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- most users of the cache never wrap `fs`
  wrapFs: () => require('./wrap-fs') as typeof import('./wrap-fs'),
};
