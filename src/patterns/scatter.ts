import type { Metadata } from '../master/metadata';
import type { Response } from '../master/response';
import { type ResponseArray, responseArray } from '../master/response-array';
import type { Selector } from '../master/selector';
import type { SlaveHandle } from '../master/slave-handle';
import type { Slaves } from '../master/slaves';
import { flag, wholeNumber } from '../rules';
import { candidates } from './candidates';
import { checkedMetadata } from './checked-metadata';
import { evenParts, partsOf } from './parts';
import { Whole, type WholeOptions } from './whole';

/** The metadata of a {@link Scatter}: those of `exec`, and how the items are put together. */
export interface ScatterMetadata extends Metadata {
  /** Hand out as many even parts as there are slaves; the task gets an array. Default: false. */
  chunk?: boolean;
  /** Hand out parts of so many items; the task gets an array. Default: each item by itself. */
  chunkSize?: number;
}

/** Who takes part: selectors, and after them the options of the run, if any. Without a selector, all living slaves. */
export type ScatterArguments = Selector[] | [...selectors: Selector[], options: WholeOptions];

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
  private readonly split: (items: readonly Item[], slaves: number) => readonly unknown[];
  /** What has not been sent. */
  private items: Item[] = [];

  /** @internal @throws TypeError */
  constructor(
    private readonly slaves: Slaves,
    private readonly task: string,
    metadata: ScatterMetadata = {},
  ) {
    const { chunk = false, chunkSize, ...own } = checkedMetadata(task, metadata) as ScatterMetadata;
    flag(chunk, 'metadata.chunk');
    if (chunkSize !== undefined) wholeNumber(1)(chunkSize, 'metadata.chunkSize');
    if (chunk && chunkSize !== undefined)
      throw new TypeError('metadata.chunk and metadata.chunkSize exclude each other. Give one of them.');
    this.metadata = own;
    if (chunk) this.split = evenParts;
    else if (chunkSize !== undefined) this.split = (items) => partsOf(items, chunkSize);
    else this.split = (items) => items;
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
    const [selectors, options] = parse(args);
    const whole = new Whole(options);
    const start = async (): Promise<Result> => {
      try {
        return await collect(this.send(whole, candidates(this.slaves, selectors, this.task)));
      } finally {
        whole.end();
      }
    };
    return start();
  }

  private send(whole: Whole, slaves: readonly SlaveHandle[]): Promise<Response>[] {
    const parts = this.split(this.items, slaves.length);
    this.items = [];
    return parts.map((part, i) => whole.request(slaves[i % slaves.length], this.task, part, this.metadata));
  }
}

function parse(args: ScatterArguments): [selectors: Selector[], options: WholeOptions | undefined] {
  const last = args.at(-1);
  const isOptions = typeof last === 'object' && (last as unknown) !== null && !(Symbol.iterator in last) && !('exec' in last);
  return isOptions ? [args.slice(0, -1) as Selector[], last] : [args as Selector[], undefined];
}
