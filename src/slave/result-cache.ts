import { LRUCache } from 'lru-cache';
import { SerializationError } from '../errors';
import { Snapshot } from '../protocol/snapshot';
import { isStreamable } from '../protocol/streamable';
import { toBytes } from '../units';
import type { Done, Handler, TaskContext } from './handler';
import type { Purgeable } from './purgeable';
import { SingleFlight } from './single-flight';
import type { ReadCacheOptions } from './task-options';
import { performance } from '../performance';

const HINT = "send an array, or leave out 'cache'.";

/** In bytes: about what keeping a result takes besides itself and its key. Of small ones, that is nearly all. */
const ENTRY_OVERHEAD = 256;

/**
 * Remembers the results of one task by its data.
 *
 * They are kept encoded, as they travel: so nothing can change them, and the limit counts what they take. Decoding one costs about as
 * much as sending it.
 */
export class ResultCache implements Purgeable {
  private readonly entries: LRUCache<string, Snapshot>;
  /** By their keys, those whose results are to be remembered. */
  private readonly running = new Map<string, SingleFlight>();
  private readonly keyFunction: (data: unknown) => unknown;

  /** @throws TypeError when the handler is a generator */
  constructor(
    private readonly task: string,
    private readonly handler: Handler,
    { size = toBytes('64mb', 'cache.size'), ttl = Infinity, key = (data) => data }: ReadCacheOptions,
  ) {
    // A bound function is still told by its tag.
    if (Object.prototype.toString.call(handler).endsWith('GeneratorFunction]')) {
      throw new TypeError(`The task '${task}' streams, and a stream cannot be remembered: return an array, or leave out 'cache'.`);
    }
    this.keyFunction = key;
    this.entries = new LRUCache({
      maxSize: toSafeInteger(size),
      ...(ttl === Infinity ? {} : { ttl: toSafeInteger(ttl), ttlResolution: 0, perf: performance }),
    });
  }

  /** Stands in the place of the handler. It declares no `done`: what it returns or resolves is the result, `undefined` too. */
  readonly handle = (data: unknown, ...[, context]: [done: Done, context: TaskContext]): unknown => {
    if (isStreamable(data)) throw new TypeError(`The task '${this.task}' remembers its results, so its data cannot be a stream: ${HINT}`);
    const key = this.keyOf(data);
    const known = this.entries.get(key);
    if (known !== undefined) return known.value;
    const running = this.running.get(key);
    // One that everybody has given up may end in any way at all.
    return (running?.hasWaiters === true ? running : this.begin(key, data, context)).join(context);
  };

  purge({ files, tasks }: { files: readonly string[]; tasks: readonly string[] }): { files: number; results: number; bytes: number } {
    const everything = files.length === 0 && tasks.length === 0;
    if (!everything && !tasks.includes(this.task)) return { files: 0, results: 0, bytes: 0 };
    const freed = { files: 0, results: this.entries.size, bytes: this.entries.calculatedSize };
    this.entries.clear();
    // What they make was asked for before: it is for those who wait, and not to be remembered.
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
      throw new TypeError(`The task '${this.task}' has a cache whose key is no plain data: ${reason}. Let cache.key return plain data.`, {
        cause,
      });
    }
  }
}

/** The library takes whole numbers only. */
function toSafeInteger(number: number): number {
  return Math.min(Math.ceil(number), Number.MAX_SAFE_INTEGER);
}
