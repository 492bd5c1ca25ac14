import { checkRequest, type Metadata } from '../master/metadata';
import { flag, object, type Read, readOptions, type Rule, wholeNumber } from '../rules';
import type { Dispatcher, Feeder } from './workpool-dispatcher';
import { Job, Terms } from './workpool-job';
import { Whole, WHOLE_RULES, type WholeOptions } from './whole';

/** How the `map` of a workpool does its work. */
export interface MapOptions extends WholeOptions {
  /** Whether the values come in the order of the items, or else in the order in which they are ready. Default: true. */
  ordered?: boolean;
  /** How many items may wait in the pool or be executed at one time. Default: twice what the members take at one time. */
  concurrency?: number;
  /** The metadata for each item. */
  metadata?: Metadata;
}

const MAP_RULES = {
  ...WHOLE_RULES,
  ordered: flag,
  concurrency: wholeNumber(1),
  metadata: object as (value: unknown, option: string) => Metadata,
} satisfies Record<keyof MapOptions, Rule>;

/** So many times `concurrency` items are held at most: those that are done wait for a slow one before them, or for the consumer. */
const HELD = 8;

/** The place of an item among the values that come out. */
interface Place {
  /** Undefined as long as the item is being worked on. */
  outcome: { readonly ok: boolean; readonly value?: unknown; readonly error: unknown } | undefined;
  next: Place | undefined;
}

/** One run of `map`: takes from a source, hands to the pool, gives to a consumer, and lets none of them get far ahead of the others. */
export class Mapping implements Feeder {
  private readonly terms: Terms;
  private readonly options: Read<typeof MAP_RULES>;
  private readonly controller = new AbortController();
  private readonly iterator: Iterator<unknown> | AsyncIterator<unknown>;
  private readonly limits: Whole[] = [];
  /** What is held, in the order in which it comes out: without `ordered`, only what is done. */
  private first: Place | undefined;
  private last: Place | undefined;
  private held = 0;
  private inFlight = 0;
  private isFeeding = false;
  private isReading = false;
  /** Nothing more is taken from the source, … */
  private isClosed = false;
  /** … because it has ended by itself. */
  private hasEnded = false;
  private stopped: { error: unknown } | undefined;
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
    checkRequest(task, metadata);
    this.terms = new Terms(task, { ...metadata, signal: this.controller.signal });
    this.iterator = iteratorOf(source);
  }

  /** The values. Nothing happens before the first is asked for. */
  async *values(): AsyncGenerator<unknown, void, undefined> {
    let hasFailed = false;
    try {
      this.begin();
      for (;;) {
        this.feed();
        if (this.stopped !== undefined) throw this.stopped.error;
        const outcome = this.take();
        if (outcome?.ok) yield outcome.value;
        else if (outcome !== undefined) throw outcome.error;
        else if (this.isClosed && this.held === 0) return;
        else await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } catch (error) {
      hasFailed = true;
      throw error;
    } finally {
      await this.end(hasFailed);
    }
  }

  /** Takes as many items as there is place for. */
  feed(): void {
    // An item that is refused at once leads here again.
    if (this.isFeeding) return;
    this.isFeeding = true;
    while (this.hasRoom) this.read();
    this.isFeeding = false;
  }

  private get hasRoom(): boolean {
    const { concurrency = Math.max(1, 2 * this.dispatcher.members.capacity) } = this.options;
    const isAsking = !this.isClosed && !this.isReading && this.inFlight < concurrency && this.held < HELD * concurrency;
    return isAsking && this.dispatcher.hasRoom;
  }

  private begin(): void {
    const { terms, controller } = this;
    const { signal, timeout, metadata } = this.options;
    for (const limits of [{ signal, timeout }, { signal: metadata?.signal }]) {
      const whole = new Whole(limits);
      this.limits.push(whole);
      whole.onOver(terms.task, (error) => {
        this.isClosed = true;
        this.stopped ??= { error };
        controller.abort(error);
        this.wake();
      });
    }
    this.dispatcher.addFeeder(this);
  }

  private read(): void {
    try {
      const result = this.iterator.next();
      if (!isPromise(result)) return this.accept(result);
      this.isReading = true;
      result.then(
        (result) => {
          this.isReading = false;
          if (!this.isClosed) this.accept(result);
          this.feed();
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

  private accept(result: IteratorResult<unknown>): void {
    if (result.done) {
      this.isClosed = this.hasEnded = true;
      return this.wake();
    }
    const place: Place = { outcome: undefined, next: undefined };
    this.held++;
    this.inFlight++;
    if (this.options.ordered !== false) this.append(place);
    const settle = (outcome: Place['outcome']): void => this.settle(place, outcome);
    this.dispatcher.submit(new Job(this.terms, result.value, settle, (error) => settle({ ok: false, error })));
  }

  private settle(place: Place, outcome: Place['outcome']): void {
    this.inFlight--;
    place.outcome = outcome;
    if (this.options.ordered === false) this.append(place);
    if (!outcome?.ok) this.isClosed = true;
    if (this.first === place) this.wake();
  }

  /** The source has failed: that comes out after what it has given. */
  private fail(error: unknown): void {
    this.isClosed = this.hasEnded = true;
    this.held++;
    this.append({ outcome: { ok: false, error }, next: undefined });
    this.wake();
  }

  private append(place: Place): void {
    if (this.first === undefined) this.first = place;
    else if (this.last !== undefined) this.last.next = place;
    this.last = place;
  }

  /** What comes out next, if it is done. */
  private take(): Place['outcome'] {
    const { first } = this;
    if (first?.outcome === undefined) return undefined;
    this.first = first.next;
    this.held--;
    return first.outcome;
  }

  private async end(hasFailed: boolean): Promise<void> {
    this.isClosed = true;
    this.dispatcher.removeFeeder(this);
    for (const whole of this.limits) whole.end();
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
