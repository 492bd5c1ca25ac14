import { isThenable } from '../../protocol/streamable';
import { validateCall, type Metadata } from '../../requests/metadata';
import { boolean, object, type ReadOptions, readOptions, type OptionReader, integerFrom } from '../../option-rules';
import type { Dispatcher, JobSource } from './workpool-dispatcher';
import { Job, JobSpec } from './workpool-job';
import { PatternRun, RUN_RULES, type RunOptions } from '../pattern-run';
import { closeSource, isAsyncSource } from '../source';

/** The options of `Workpool.map`. */
export interface MapOptions extends RunOptions {
  /** Whether the values have the order of the items; otherwise they come in the order of completion. Default: true. */
  ordered?: boolean;
  /** Number of items that wait in the pool or run at the same time. Default: twice the number of jobs that the members run or have ahead. */
  concurrency?: number;
  /** The metadata of each job. */
  metadata?: Metadata;
}

const MAP_RULES = {
  ...RUN_RULES,
  ordered: boolean,
  concurrency: integerFrom(1),
  metadata: object as (value: unknown, option: string) => Metadata,
} satisfies Record<keyof MapOptions, OptionReader>;

/** At most this × `concurrency` items are held. Completed items wait for a slower item before them, or for the consumer. */
const BUFFER_FACTOR = 8;

/** An item in the output order. */
interface Slot {
  /** Undefined until the job has settled. */
  outcome: { readonly ok: boolean; readonly value?: unknown; readonly error: unknown } | undefined;
  next: Slot | undefined;
}

/** One run of `map`: moves items from the source to the pool and values to the consumer, with backpressure between them. */
export class MapRun implements JobSource {
  private readonly spec: JobSpec;
  private readonly options: ReadOptions<typeof MAP_RULES>;
  private readonly controller = new AbortController();
  private readonly iterator: Iterator<unknown> | AsyncIterator<unknown>;
  private readonly runs: PatternRun[] = [];
  /** A linked list of the held items in output order. If `ordered` is false, it contains completed items only. */
  private first: Slot | undefined;
  private last: Slot | undefined;
  private held = 0;
  private inFlight = 0;
  private isReading = false;
  /** Whether no more items are read from the source. */
  private isClosed = false;
  /** Whether the source has ended by itself or has thrown. */
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
    this.iterator = isAsyncSource(source) ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** Yields the values. Starts when the first is requested. */
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

  /** Reads items while there is capacity for them. */
  refill(): void {
    while (this.hasRoom) this.readSource();
  }

  private get hasRoom(): boolean {
    const { concurrency = Math.max(1, 2 * this.dispatcher.members.capacity) } = this.options;
    const wantsItems = !this.isClosed && !this.isReading && this.inFlight < concurrency && this.held < BUFFER_FACTOR * concurrency;
    return wantsItems && this.dispatcher.hasRoomFor(this.spec);
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
      if (!isThenable(result)) return this.submitItem(result);
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

  /** Adds the error of the source after its items. */
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

  /** Removes the next item and returns its outcome, if it has completed. */
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
    if (!this.hasEnded) await closeSource(this.iterator, { isReading: this.isReading, hasFailed });
  }
}
