import { type ExitOptions, readExitMode } from '../../handles/exit-options';
import type { ExitReport } from '../../handles/lifecycle';
import type { Metadata } from '../../requests/metadata';
import { checkSingleUse } from '../../requests/single-use';
import type { Response, ResponseArray } from '../../handles/slave-response';
import type { Selector } from '../../handles/selector';
import type { SlaveHandle } from '../../handles/slave-handle';
import type { LivingSlaves } from '../../handles/living-slaves';
import type { AnyTasks, TaskArguments, TaskName, TaskResult } from '../../requests/task-types';
import { readOptions, satisfying, type OptionReader, integerFrom } from '../../option-rules';
import { Dispatcher } from './workpool-dispatcher';
import { Job, JobSpec } from './workpool-job';
import { type MapOptions, MapRun } from './map-run';
import { type Condition, RepeatRun } from './repeat-run';

/** How a workpool deals with work. */
export interface WorkpoolOptions {
  /** How many pieces of the pool's work a member gets at one time. Default: 1. */
  concurrency?: number;
  /** How many pieces may wait; 0 is none. Beyond it, `do` gets a `QueueFullError`, `map` and `while` await room. Default: any number. */
  maxQueue?: number;
}

const RULES = {
  concurrency: integerFrom(1),
  maxQueue: satisfying(
    'a whole number',
    (value): value is number => value === Infinity || (Number.isInteger(value) && (value as number) >= 0),
  ),
} satisfies Record<keyof WorkpoolOptions, OptionReader>;

/** The second half of `while(condition).do(…)`: names the task. */
export interface RepeatBuilder<Tasks = AnyTasks> {
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
  private sharedSpec: JobSpec | undefined;
  /** Those that `exit` ends. */
  private exitingSlaves: readonly SlaveHandle[] | undefined;

  /** @internal @throws UnknownSlaveError, TypeError */
  constructor(
    private readonly livingSlaves: LivingSlaves,
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
   * wrong, or rejects with that error when `rejectOnError` is on.
   *
   * Of the metadata, `priority` says what comes first, `timeout` counts from now, and `retries` take place on another member.
   *
   * @throws TypeError at once, for arguments of a wrong type
   * @throws NoSlaveError, as a rejection, when the pool has no member
   */
  do<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<Response<TaskResult<Tasks[Name]>>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    checkSingleUse(data, metadata);
    const spec = metadata === undefined ? this.specFor(task) : new JobSpec(task, metadata);
    spec.check(data);
    const done = new Promise((resolve, reject) => this.dispatcher.submit(new Job(spec, data, resolve, reject)));
    return done as Promise<Response<TaskResult<Tasks[Name]>>>;
  }

  /** Work without metadata shares its terms: of a million waiting pieces, each object counts. */
  private specFor(task: string): JobSpec {
    if (this.sharedSpec?.task !== task) this.sharedSpec = new JobSpec(task, undefined);
    return this.sharedSpec;
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
  while(condition: Condition): RepeatBuilder<Tasks> {
    if (typeof condition !== 'function') throw new TypeError(`The condition must be a function, not ${String(condition)}.`);
    const repeat = (task: string, data?: unknown, metadata?: Metadata): Promise<ResponseArray> => {
      const spec = new JobSpec(task, metadata);
      spec.check(data, Infinity);
      return new RepeatRun(this.dispatcher, condition, spec, data).finished;
    };
    return { do: repeat as RepeatBuilder<Tasks>['do'] };
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
    const values = new MapRun(this.dispatcher, source, task, options).values();
    return values as AsyncGenerator<TaskResult<Tasks[Name]>, void, undefined>;
  }

  /** Lets slaves join. @throws UnknownSlaveError */
  add(...slaves: Selector[]): this {
    this.dispatcher.addMembers(this.livingSlaves.select(slaves));
    return this;
  }

  /** Lets members leave: they finish what they have begun, get nothing new, and are not ended. @throws UnknownSlaveError */
  remove(...slaves: Selector[]): this {
    this.dispatcher.removeMembers(this.livingSlaves.select(slaves));
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
    return this.shutDown(readExitMode(options));
  }

  private async shutDown(pending: 'finish' | 'abort'): Promise<ExitReport[]> {
    this.dispatcher.close(pending);
    const slaves = (this.exitingSlaves ??= this.slaves);
    if (pending === 'finish') await this.drain();
    return Promise.all(slaves.map((slave) => slave.exit({ pending })));
  }
}

/** Options are a plain object, which no selector is. */
function isOptions(argument: Selector | WorkpoolOptions | undefined): argument is WorkpoolOptions {
  return typeof argument === 'object' && (argument as unknown) !== null && Object.getPrototypeOf(argument) === Object.prototype;
}
