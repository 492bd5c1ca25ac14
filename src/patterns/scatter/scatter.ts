import type { Metadata } from '../../requests/metadata';
import type { Response, ResponseArray } from '../../handles/slave-response';
import { responseArray } from '../../requests/response-array';
import type { Selector } from '../../handles/selector';
import { splitOptions } from '../../handles/split-options';
import type { SlaveHandle } from '../../handles/slave-handle';
import type { LivingSlaves } from '../../handles/living-slaves';
import { boolean, integerFrom } from '../../option-rules';
import { candidates } from '../candidates';
import { checkedMetadata } from '../checked-metadata';
import { splitEvenly, chunksOf } from './chunks';
import { PatternRun, type RunOptions } from '../pattern-run';

/** The metadata of a {@link Scatter}: those of `exec`, and the size of the chunks. */
export interface ScatterMetadata extends Metadata {
  /** Whether to split the items evenly into one chunk for each slave; the task gets an array. Default: false. */
  chunk?: boolean;
  /** Number of items in a chunk; the task gets an array. Default: single items, without an array. */
  chunkSize?: number;
}

/** Selectors of the slaves, then optionally the options of the run. Without a selector, all living slaves are used. */
export type ScatterArguments = Selector[] | [...selectors: Selector[], options: RunOptions];

/**
 * Executes one task for many items, distributed over the slaves. Created by `master.createScatter(task, metadata)`.
 *
 * @typeParam Item the type of the items
 * @typeParam Value the type of the task's values
 * @example
 * ```js
 * const responses = await master.createScatter('resize').data(...images).gather('graphics');
 * ```
 */
export class Scatter<Item = unknown, Value = unknown> {
  private readonly metadata: Metadata;
  private readonly makeChunks: (items: readonly Item[], slaves: number) => readonly unknown[];
  /** The items that have not been sent. */
  private items: Item[] = [];

  /**
   * @internal
   * @throws TypeError
   */
  constructor(
    private readonly slaves: LivingSlaves,
    private readonly task: string,
    metadata: ScatterMetadata = {},
  ) {
    const { chunk = false, chunkSize, ...own } = checkedMetadata(task, metadata) as ScatterMetadata;
    boolean(chunk, 'metadata.chunk');
    if (chunkSize !== undefined) integerFrom(1)(chunkSize, 'metadata.chunkSize');
    if (chunk && chunkSize !== undefined)
      throw new TypeError('metadata.chunk and metadata.chunkSize exclude each other. Give one of them.');
    this.metadata = own;
    if (chunk) this.makeChunks = splitEvenly;
    else if (chunkSize !== undefined) this.makeChunks = (items) => chunksOf(items, chunkSize);
    else this.makeChunks = (items) => items;
  }

  /** Adds items for the next `gather` or `reduce`. */
  data(...items: Item[]): this {
    for (const item of items) this.items.push(item);
    return this;
  }

  /**
   * Sends the items added since the last call, round robin over the slaves.
   *
   * @returns the responses, one for each item or chunk, in the order of the items
   * @throws TypeError synchronously, for options of a wrong type
   * @throws UnknownSlaveError as a rejection, when a selector matches no slave; nothing is sent, and the items stay for the next call
   * @throws NoSlaveError as a rejection, when there is no slave; nothing is sent, and the items stay for the next call
   */
  gather(...args: ScatterArguments): Promise<ResponseArray<Value>> {
    return this.run(args, async (requests) => responseArray(await Promise.all(requests)));
  }

  /**
   * Sends the items like {@link gather}, but folds the values into one result and does not keep them.
   *
   * @param fold gets the current result, a value, and the index of its item or chunk. It is called as the values arrive, in any order
   * @param initial the first result
   * @throws the error of the first task that fails, as a rejection; the other tasks are aborted
   */
  reduce<Result>(
    fold: (result: Result, value: Value, index: number) => Result,
    initial: Result,
    ...args: ScatterArguments
  ): Promise<Result> {
    if (typeof fold !== 'function') throw new TypeError(`The first argument must be a function, not ${String(fold)}.`);
    return this.run(args, async (requests) => {
      let result = initial;
      let failed = false;
      const add = async (request: Promise<Response>, index: number): Promise<void> => {
        try {
          const value = (await request).unwrap() as Value;
          if (!failed) result = fold(result, value, index);
        } catch (error) {
          failed = true;
          throw error;
        }
      };
      await Promise.all(requests.map(add));
      return result;
    });
  }

  private run<Result>(args: ScatterArguments, collect: (requests: Promise<Response>[]) => Promise<Result>): Promise<Result> {
    const [selectors, options] = splitOptions<Selector, RunOptions>(args);
    const run = new PatternRun(options);
    const start = async (): Promise<Result> => {
      try {
        return await collect(this.sendChunks(run, candidates(this.slaves, selectors, this.task)));
      } finally {
        run.end();
      }
    };
    return start();
  }

  private sendChunks(run: PatternRun, slaves: readonly SlaveHandle[]): Promise<Response>[] {
    const chunks = this.makeChunks(this.items, slaves.length);
    this.items = [];
    return chunks.map((chunk, i) => run.request(slaves[i % slaves.length], this.task, chunk, this.metadata));
  }
}
