import type { Metadata } from '../../requests/metadata';
import type { Response, ResponseArray } from '../../handles/slave-response';
import { responseArray } from '../../requests/response-array';
import type { Selector } from '../../handles/selector';
import type { SlaveHandle } from '../../handles/slave-handle';
import type { LivingSlaves } from '../../handles/living-slaves';
import { boolean, integerFrom } from '../../option-rules';
import { candidates } from '../candidates';
import { checkedMetadata } from '../checked-metadata';
import { splitEvenly, chunksOf } from './chunks';
import { PatternRun, type RunOptions } from '../pattern-run';

/** The metadata of a {@link Scatter}: those of `exec`, and how the items are put together. */
export interface ScatterMetadata extends Metadata {
  /** Hand out as many even parts as there are slaves; the task gets an array. Default: false. */
  chunk?: boolean;
  /** Hand out parts of so many items; the task gets an array. Default: each item by itself. */
  chunkSize?: number;
}

/** Who takes part: selectors, and after them the options of the run, if any. Without a selector, all living slaves. */
export type ScatterArguments = Selector[] | [...selectors: Selector[], options: RunOptions];

/**
 * One task for many items, which are dealt out over the slaves. Made by `master.createScatter(task, metadata)`.
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
  /** What has not been sent. */
  private items: Item[] = [];

  /** @internal @throws TypeError */
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

  /** Adds items, for the next time that they are sent. */
  data(...items: Item[]): this {
    for (const item of items) this.items.push(item);
    return this;
  }

  /**
   * Sends what is new since the last time: the first part to the first slave, the second to the second, and after the last
   * to the first again.
   *
   * @returns the responses, one for each part, in the order of the items
   * @throws TypeError at once, for options of a wrong type
   * @throws UnknownSlaveError, NoSlaveError as a rejection: then nothing is sent, and the items wait for the next time
   */
  gather(...args: ScatterArguments): Promise<ResponseArray<Value>> {
    return this.run(args, async (requests) => responseArray(await Promise.all(requests)));
  }

  /**
   * Sends as {@link gather} does, but folds the values into one and keeps none of them.
   *
   * @param fold gets the result so far, a value, and the place of its part among the others. It is called in the order in
   *   which the values come in, which is any order
   * @param initial the result so far, the first time
   * @throws the error of the first task that fails, as a rejection; the others are aborted
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
    const [selectors, options] = splitOptions(args);
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

function splitOptions(args: ScatterArguments): [selectors: Selector[], options: RunOptions | undefined] {
  const last = args.at(-1);
  const isOptions = typeof last === 'object' && (last as unknown) !== null && !(Symbol.iterator in last) && !('exec' in last);
  return isOptions ? [args.slice(0, -1) as Selector[], last] : [args as Selector[], undefined];
}
