import { type ExitOptions, pendingOf } from '../master/exit-options';
import type { ExitReport } from '../master/life';
import { checkInput, type Metadata } from '../master/metadata';
import type { Response } from '../master/response';
import type { ResponseArray } from '../master/response-array';
import type { Selector } from '../master/selector';
import type { SlaveHandle } from '../master/slave-handle';
import type { Slaves } from '../master/slaves';
import type { AnyTasks, TaskArguments, TaskName, TaskResult } from '../master/task-types';
import { readOptions, rule, type Rule, wholeNumber } from '../rules';
import { Dispatcher } from './workpool-dispatcher';
import { Job, Terms } from './workpool-job';
import { type MapOptions, Mapping } from './workpool-mapping';
import { type Condition, Repetition } from './workpool-repetition';

/** How a workpool deals with work. */
export interface WorkpoolOptions {
  /** How many pieces of the pool's work a member gets at one time. Default: 1. */
  concurrency?: number;
  /** How many pieces may wait; 0 is none. Beyond it, `do` gets a `QueueFullError`, `map` and `while` await room. Default: any number. */
  maxQueue?: number;
}

const RULES = {
  concurrency: wholeNumber(1),
  maxQueue: rule('a whole number', (value): value is number => value === Infinity || (Number.isInteger(value) && (value as number) >= 0)),
} satisfies Record<keyof WorkpoolOptions, Rule>;

/** The second half of `while(condition).do(…)`: names the task. */
export interface Repeating<Tasks = AnyTasks> {
  /**
   * Executes the task again and again.
   *
   * @returns all responses, in the order in which they were begun, once the last has come
   * @throws TypeError at once, for arguments of a wrong type
   */
  do<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<ResponseArray<TaskResult<Tasks[Name]>>>;
}

/**
 * Gives each piece of work to the next idle slave and keeps the rest waiting until one is. Made by `master.createWorkpool(…)`.
 *
 * @typeParam Tasks the tasks of the slaves by name, when their types are known
 * @example
 * ```js
 * const pool = master.createWorkpool(...slaves);
 * const response = await pool.do('shrink', file);
 * for await (const thumbnail of pool.map(files, 'shrink')) await save(thumbnail);
 * await pool.exit();
 * ```
 */
export class Workpool<Tasks = AnyTasks> {
  private readonly dispatcher: Dispatcher;
  private plain: Terms | undefined;
  /** Those that `exit` ends. */
  private leaving: readonly SlaveHandle[] | undefined;

  /** @internal @throws UnknownSlaveError, TypeError */
  constructor(
    private readonly all: Slaves,
    args: readonly (Selector | WorkpoolOptions)[],
  ) {
    const last = args.at(-1);
    const { concurrency = 1, maxQueue = Infinity } = readOptions(isOptions(last) ? last : {}, RULES);
    this.dispatcher = new Dispatcher(concurrency, maxQueue);
    this.add(...((isOptions(last) ? args.slice(0, -1) : args) as Selector[]));
  }

  /** The members, in the order in which they joined. */
  get slaves(): SlaveHandle[] {
    return this.dispatcher.members.slaves;
  }

  /** How many pieces of work wait. */
  get waiting(): number {
    return this.dispatcher.waiting;
  }

  /** How many pieces of work are being executed. */
  get running(): number {
    return this.dispatcher.running;
  }

  /**
   * Executes a task on the next idle member. Like `exec`, it always settles: it resolves a response whose `error` says what went
   * wrong, or rejects with that error when `catchAll` is on.
   *
   * Of the metadata, `priority` says what comes first, `timeout` counts from now, and `retries` take place on another member.
   *
   * @throws TypeError at once, for arguments of a wrong type
   * @throws NoSlaveError, as a rejection, when the pool has no member
   */
  do<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<Response<TaskResult<Tasks[Name]>>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    checkInput(data, metadata);
    const terms = metadata === undefined ? this.plainTerms(task) : new Terms(task, metadata);
    terms.check(data);
    const done = new Promise((resolve, reject) => this.dispatcher.submit(new Job(terms, data, resolve, reject)));
    return done as Promise<Response<TaskResult<Tasks[Name]>>>;
  }

  /** Work without metadata shares its terms: of a million waiting pieces, each object counts. */
  private plainTerms(task: string): Terms {
    if (this.plain?.task !== task) this.plain = new Terms(task, undefined);
    return this.plain;
  }

  /**
   * Says how long to go on; `do` then says with what. The condition is asked whenever a member could take a further piece of work.
   * It gets the number of pieces so far and the responses that have come. All ends early when the pool has no member left.
   *
   * @example
   * ```js
   * const responses = await pool.while((i) => i < 1000).do('throw darts', 1e6);
   * ```
   */
  while(condition: Condition): Repeating<Tasks> {
    if (typeof condition !== 'function') throw new TypeError(`The condition must be a function, not ${String(condition)}.`);
    const repeat = (task: string, data?: unknown, metadata?: Metadata): Promise<ResponseArray> => {
      const terms = new Terms(task, metadata);
      terms.check(data, Infinity);
      return new Repetition(this.dispatcher, condition, terms, data).finished;
    };
    return { do: repeat as Repeating<Tasks>['do'] };
  }

  /**
   * Executes a task for each item of a source, which may be endless: neither it nor the members get far ahead of the consumer. A
   * failure throws; then, and when the consumer breaks off, what is on its way is aborted and the source is closed.
   *
   * @returns the values of the responses; nothing happens before the first is asked for
   * @throws TypeError at once, for arguments of a wrong type
   */
  map<Name extends TaskName<Tasks>>(
    source: Iterable<TaskArguments<Tasks[Name]>[0]> | AsyncIterable<TaskArguments<Tasks[Name]>[0]>,
    task: Name,
    options?: MapOptions,
  ): AsyncGenerator<TaskResult<Tasks[Name]>, void, undefined> {
    const values = new Mapping(this.dispatcher, source, task, options).values();
    return values as AsyncGenerator<TaskResult<Tasks[Name]>, void, undefined>;
  }

  /** Lets slaves join. @throws UnknownSlaveError */
  add(...slaves: Selector[]): this {
    this.dispatcher.join(this.all.select(slaves));
    return this;
  }

  /** Lets members leave: they finish what they have begun, get nothing new, and are not ended. @throws UnknownSlaveError */
  remove(...slaves: Selector[]): this {
    this.dispatcher.leave(this.all.select(slaves));
    return this;
  }

  /** Resolves once no work waits and none is being executed. */
  drain(): Promise<void> {
    return this.dispatcher.drained();
  }

  /**
   * Takes no new work, finishes what there is, and ends the members: see `SlaveHandle.exit`. Calling it again is harmless.
   *
   * @throws TypeError at once, for options that do not exist or have a wrong value
   */
  exit(options?: ExitOptions): Promise<ExitReport[]> {
    return this.end(pendingOf(options));
  }

  private async end(pending: 'finish' | 'abort'): Promise<ExitReport[]> {
    this.dispatcher.close(pending);
    const slaves = (this.leaving ??= this.slaves);
    if (pending === 'finish') await this.drain();
    return Promise.all(slaves.map((slave) => slave.exit({ pending })));
  }
}

/** Options are a plain object, which no selector is. */
function isOptions(argument: Selector | WorkpoolOptions | undefined): argument is WorkpoolOptions {
  return typeof argument === 'object' && (argument as unknown) !== null && Object.getPrototypeOf(argument) === Object.prototype;
}
