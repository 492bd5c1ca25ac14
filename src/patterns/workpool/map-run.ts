import { validateCall, type Metadata } from '../../requests/metadata';
import { boolean, object, type ReadOptions, readOptions, type OptionReader, integerFrom } from '../../option-rules';
import type { Dispatcher, JobSource } from './workpool-dispatcher';
import { Job, JobSpec } from './workpool-job';
import { PatternRun, RUN_RULES, type RunOptions } from '../pattern-run';

/** How the `map` of a workpool does its work. */
export interface MapOptions extends RunOptions {
  /** Whether the values come in the order of the items, or else in the order in which they are ready. Default: true. */
  ordered?: boolean;
  /** How many items may wait in the pool or be executed at one time. Default: twice what the members take at one time. */
  concurrency?: number;
  /** The metadata for each item. */
  metadata?: Metadata;
}

const MAP_RULES = {
  ...RUN_RULES,
  ordered: boolean,
  concurrency: integerFrom(1),
  metadata: object as (value: unknown, option: string) => Metadata,
} satisfies Record<keyof MapOptions, OptionReader>;

/** So many times `concurrency` items are held at most: those that are done wait for a slow one before them, or for the consumer. */
const BUFFER_FACTOR = 8;

/** The place of an item among the values that come out. */
interface Slot {
  /** Undefined as long as the item is being worked on. */
  outcome: { readonly ok: boolean; readonly value?: unknown; readonly error: unknown } | undefined;
  next: Slot | undefined;
}

/** One run of `map`: takes from a source, hands to the pool, gives to a consumer, and lets none of them get far ahead of the others. */
export class MapRun implements JobSource {
  private readonly spec: JobSpec;
  private readonly options: ReadOptions<typeof MAP_RULES>;
  private readonly controller = new AbortController();
  private readonly iterator: Iterator<unknown> | AsyncIterator<unknown>;
  private readonly runs: PatternRun[] = [];
  /** What is held, in the order in which it comes out: without `ordered`, only what is done. */
  private first: Slot | undefined;
  private last: Slot | undefined;
  private held = 0;
  private inFlight = 0;
  private isReading = false;
  /** Nothing more is taken from the source, … */
  private isClosed = false;
  /** … because it has ended by itself. */
  private hasEnded = false;
  private stopError: { error: unknown } | undefined;
  private wake: () => void = () => undefined;

  /** @throws TypeError */
  constructor(
    private readonly dispatcher: Dispatcher,
    source: Iterable<unknown> | AsyncIterable<unknown>,
    task: string,
    options: MapOptions = {},
  ) {
    this.options = readOptions(options, MAP_RULES);
    const { metadata } = this.options;
    validateCall(task, metadata);
    this.spec = new JobSpec(task, { ...metadata, signal: this.controller.signal });
    this.iterator = iteratorOf(source);
  }

  /** The values. Nothing happens before the first is asked for. */
  async *values(): AsyncGenerator<unknown, void, undefined> {
    let hasFailed = false;
    try {
      this.start();
      for (;;) {
        this.dispatcher.update();
        if (this.stopError !== undefined) throw this.stopError.error;
        const outcome = this.shiftDone();
        if (outcome?.ok) yield outcome.value;
        else if (outcome !== undefined) throw outcome.error;
        else if (this.isClosed && this.held === 0) return;
        else await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } catch (error) {
      hasFailed = true;
      throw error;
    } finally {
      await this.cleanUp(hasFailed);
    }
  }

  /** Takes as many items as there is place for. */
  refill(): void {
    while (this.hasRoom) this.readSource();
  }

  private get hasRoom(): boolean {
    const { concurrency = Math.max(1, 2 * this.dispatcher.members.capacity) } = this.options;
    const isAsking = !this.isClosed && !this.isReading && this.inFlight < concurrency && this.held < BUFFER_FACTOR * concurrency;
    return isAsking && this.dispatcher.hasRoomFor(this.spec);
  }

  private start(): void {
    const { spec, controller } = this;
    const { signal, timeout, metadata } = this.options;
    for (const limits of [{ signal, timeout }, { signal: metadata?.signal }]) {
      const run = new PatternRun(limits);
      this.runs.push(run);
      run.onLimit(spec.task, (error) => {
        this.isClosed = true;
        this.stopError ??= { error };
        controller.abort(error);
        this.wake();
      });
    }
    this.dispatcher.addSource(this);
  }

  private readSource(): void {
    try {
      const result = this.iterator.next();
      if (!isPromise(result)) return this.submitItem(result);
      this.isReading = true;
      result.then(
        (result) => {
          this.isReading = false;
          if (!this.isClosed) this.submitItem(result);
          this.dispatcher.update();
        },
        (error: unknown) => {
          this.isReading = false;
          this.fail(error);
        },
      );
    } catch (error) {
      this.fail(error);
    }
  }

  private submitItem(result: IteratorResult<unknown>): void {
    if (result.done) {
      this.isClosed = this.hasEnded = true;
      return this.wake();
    }
    const slot: Slot = { outcome: undefined, next: undefined };
    this.held++;
    this.inFlight++;
    if (this.options.ordered !== false) this.append(slot);
    const settle = (outcome: Slot['outcome']): void => this.settle(slot, outcome);
    this.dispatcher.submit(new Job(this.spec, result.value, { resolve: settle, reject: (error) => settle({ ok: false, error }) }));
  }

  private settle(slot: Slot, outcome: Slot['outcome']): void {
    this.inFlight--;
    slot.outcome = outcome;
    if (this.options.ordered === false) this.append(slot);
    if (!outcome?.ok) this.isClosed = true;
    if (this.first === slot) this.wake();
  }

  /** The source has failed: that comes out after what it has given. */
  private fail(error: unknown): void {
    this.isClosed = this.hasEnded = true;
    this.held++;
    this.append({ outcome: { ok: false, error }, next: undefined });
    this.wake();
  }

  private append(slot: Slot): void {
    if (this.first === undefined) this.first = slot;
    else if (this.last !== undefined) this.last.next = slot;
    this.last = slot;
  }

  /** What comes out next, if it is done. */
  private shiftDone(): Slot['outcome'] {
    const { first } = this;
    if (first?.outcome === undefined) return undefined;
    this.first = first.next;
    this.held--;
    return first.outcome;
  }

  private async cleanUp(hasFailed: boolean): Promise<void> {
    this.isClosed = true;
    this.dispatcher.removeSource(this);
    for (const run of this.runs) run.end();
    if (this.inFlight > 0) this.controller.abort();
    if (this.hasEnded) return;
    const closing = this.closeSource();
    // Of two errors the first counts, and a source that is being waited for may never answer.
    const quietly = closing.catch(() => undefined);
    if (!this.isReading) await (hasFailed ? quietly : closing);
  }

  private async closeSource(): Promise<void> {
    await this.iterator.return?.();
  }
}

function iteratorOf(source: Iterable<unknown> | AsyncIterable<unknown>): Iterator<unknown> | AsyncIterator<unknown> {
  const { [Symbol.asyncIterator]: async, [Symbol.iterator]: sync } = Object(source) as Partial<Iterable<unknown> & AsyncIterable<unknown>>;
  if (typeof async === 'function') return async.call(source);
  if (typeof sync === 'function') return sync.call(source);
  throw new TypeError(`The source must be an iterable or an async iterable, not ${String(source)}.`);
}

function isPromise<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof (value as { then?: unknown } | null)?.then === 'function';
}
