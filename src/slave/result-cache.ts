import { LRUCache } from 'lru-cache';
import { SerializationError } from '../errors';
import { Snapshot } from '../protocol/snapshot';
import { isStreamable } from '../protocol/streamable';
import { toBytes } from '../units';
import type { Done, Handler, TaskContext } from './handler';
import type { Purgeable } from './purgeable';
import { cannotCacheStream, SingleFlight } from './single-flight';
import type { ReadCacheOptions } from './task-options';
import { performance } from '../performance';

/** In bytes: the approximate memory of an entry besides its result and key. For small results, this is most of the memory. */
const ENTRY_OVERHEAD = 256;

/**
 * Caches the results of one task by its data.
 *
 * Results are kept encoded, as they are sent, so that nothing can change them and their size is known. Decoding a result costs about as much
 * as sending it.
 */
export class ResultCache implements Purgeable {
  private readonly entries: LRUCache<string, Snapshot>;
  /** By key, the runs in progress whose results will be cached. */
  private readonly running = new Map<string, SingleFlight>();
  private readonly keyFunction: (data: unknown) => unknown;

  /** @throws TypeError if the handler is a generator */
  constructor(
    private readonly task: string,
    private readonly handler: Handler,
    { size = toBytes('64mb', 'cache.size'), ttl = Infinity, key = (data) => data }: ReadCacheOptions,
  ) {
    // Unlike the prototype, the tag survives `bind`.
    if (Object.prototype.toString.call(handler).endsWith('GeneratorFunction]')) {
      throw cannotCacheStream(task);
    }
    this.keyFunction = key;
    this.entries = new LRUCache({
      maxSize: toSafeInteger(size),
      ...(ttl === Infinity ? {} : { ttl: toSafeInteger(ttl), ttlResolution: 0, perf: performance }),
    });
  }

  /** Replaces the handler. It does not declare `done`, so that its returned or resolved value is the result, even `undefined`. */
  readonly handle = (data: unknown, ...[, context]: [done: Done, context: TaskContext]): unknown => {
    if (isStreamable(data)) {
      throw new TypeError(`The task '${this.task}' has a cache, so its data cannot be a stream: send an array, or leave out 'cache'.`);
    }
    const key = this.keyOf(data);
    const cached = this.entries.get(key);
    if (cached !== undefined) return cached.value;
    const running = this.running.get(key);
    // A run without waiters is not shared: it may have been cancelled.
    return (running?.hasWaiters === true ? running : this.begin(key, data, context)).join(context);
  };

  purge({ files, tasks }: { files: readonly string[]; tasks: readonly string[] }): { files: number; results: number; bytes: number } {
    const everything = files.length === 0 && tasks.length === 0;
    if (!everything && !tasks.includes(this.task)) return { files: 0, results: 0, bytes: 0 };
    const freed = { files: 0, results: this.entries.size, bytes: this.entries.calculatedSize };
    this.entries.clear();
    // Runs in progress began before the purge: their callers get the results, but the results are not cached.
    this.running.clear();
    return freed;
  }

  private begin(key: string, data: unknown, context: TaskContext): SingleFlight {
    const run = new SingleFlight(this.task, this.handler, data, context);
    this.running.set(key, run);
    const settled = (result: unknown): void => {
      if (this.running.get(key) !== run) return;
      this.running.delete(key);
      if (result instanceof Snapshot && run.hasWaiters) this.entries.set(key, result, { size: result.size + key.length + ENTRY_OVERHEAD });
    };
    run.result.then(settled, () => settled(undefined));
    return run;
  }

  private keyOf(data: unknown): string {
    const key = this.keyFunction(data);
    try {
      return new Snapshot(key).key;
    } catch (cause) {
      const reason = cause instanceof SerializationError ? `${cause.path.replace(/^value/, 'key')} is ${cause.found}` : 'it is too large';
      throw new TypeError(`The task '${this.task}' has a cache whose key is not plain data: ${reason}. Let cache.key return plain data.`, {
        cause,
      });
    }
  }
}

/** LRUCache accepts only safe integers. */
function toSafeInteger(number: number): number {
  return Math.min(Math.ceil(number), Number.MAX_SAFE_INTEGER);
}
