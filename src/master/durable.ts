import type { ExitOptions } from '../handles/exit-options';
import type { ExitReport } from '../handles/lifecycle';
import type { Workpool } from '../patterns/workpool/workpool';
import type { AnyTasks, TaskArguments, TaskName } from '../requests/task-types';
import type { BackoffOptions } from '../supervision/restart-options';
import type { Duration } from '../units';

/**
 * How a durable queue treats its jobs. `keepResults` and `redeliverAfter` belong to the queue: the last master that gives them decides.
 * `maxAttempts` and `backoff` are those of the master that has taken the job.
 */
export interface DurableOptions {
  /** The name of the queue on the server: letters, digits, `-` and `_`. */
  name: string;
  /** How often a job is attempted before it becomes a dead letter. Default: 3. */
  maxAttempts?: number;
  /** The pauses between attempts. Default: 1 second, twice as long each time, at most 1 minute. */
  backoff?: BackoffOptions;
  /** How long results are kept, and with them the keys of finished jobs: ms or a string. Default: `'1d'`. */
  keepResults?: Duration;
  /**
   * How long a master may be silent before its jobs go to others: ms or a string. It tells the server three times within this that its jobs go
   * on. Default: `'30s'`.
   */
  redeliverAfter?: Duration;
}

/** What starts first, of jobs that wait. */
export type JobPriority = 'high' | 'normal' | 'low';

/** How one job is submitted. */
export interface SubmitOptions {
  /**
   * The id of the job. While a job of this id waits, runs, or has a result or a dead letter, submitting it again stores nothing and resolves with the
   * same id. Letters, digits, `-`, `_`, `=` and `/`, at most 200. Default: a random one.
   */
  key?: string;
  /** Default: `'normal'`. */
  priority?: JobPriority;
  /** How long it waits before it may run: ms or a string. Zero or less: it does not wait. Default: 0. */
  delay?: Duration;
}

/** When a repeated job runs: by a cron expression, which needs the package `croner`, or in equal intervals. */
export type Recurrence =
  | {
      /** Such as `'0 3 * * *'`, every night at three. */
      cron: string;
      /** Such as `'Europe/Berlin'`. Default: UTC, so that all masters agree. */
      timezone?: string;
    }
  | {
      /** ms or a string such as `'10m'`, at least one second. */
      every: Duration;
    };

/** A job that has failed in all its attempts. */
export interface DeadJob {
  /** What `submit` has returned. */
  readonly id: string;
  /** The name of its task. */
  readonly task: string;
  /** What it was submitted with. */
  readonly data: unknown;
  /** The error of the last attempt. */
  readonly error: Error;
  /** How often it was attempted. */
  readonly attempts: number;
  /** When the last attempt had failed. */
  readonly diedAt: Date;
}

/** How many jobs a queue has. */
export interface QueueCounts {
  /** May run, and no master has taken them. */
  readonly waiting: number;
  /** Taken by a master: they run, are about to, or pause between two attempts. */
  readonly active: number;
  /** Wait for their time. */
  readonly delayed: number;
  /** Dead letters. */
  readonly dead: number;
}

/** The arguments of `submit` after the name of the task. */
export type SubmitArguments<Task> =
  TaskArguments<Task> extends [data: infer Data, ...rest: unknown[]]
    ? [data: Data, options?: SubmitOptions]
    : [data?: TaskArguments<Task>[0], options?: SubmitOptions];

/**
 * A queue of jobs on a NATS server with JetStream. What `submit` has stored survives the end of every program, and of the server.
 *
 * A job runs **at least once**: when a master or its connection dies, another one runs again what may have run. Its task must be safe to run twice.
 */
export interface DurableQueue<Tasks = AnyTasks> {
  /** Its name on the server. */
  readonly name: string;

  /**
   * Stores a job. It runs in a pool of any master that uses this queue.
   *
   * @returns its id, once the server has stored it
   * @throws TypeError for a wrong argument
   * @throws SerializationError
   * @throws PayloadTooLargeError for data larger than a message of the server, 1 MB by default
   * @throws DurableQueueError when it cannot be stored; it may have been when the connection was lost: with a `key`, submitting again is safe
   */
  submit<Name extends TaskName<Tasks>>(task: Name, ...args: SubmitArguments<Tasks[Name]>): Promise<string>;

  /**
   * Waits for the value of a job, in any program.
   *
   * @throws JobFailedError when all attempts have failed
   * @throws UnknownJobError
   * @throws DurableQueueError
   * @throws the reason of the signal
   */
  result(id: string, options?: { signal?: AbortSignal }): Promise<unknown>;

  /**
   * Submits a job again and again. Masters that give the same name the same schedule share it; another one replaces it. Each occurrence is
   * submitted once, whatever the number of masters. If some were missed while no master ran, one job runs in their place.
   *
   * @param name letters, digits, `-` and `_`
   * @throws TypeError for a wrong argument
   * @throws DurableQueueError
   */
  schedule<Name extends TaskName<Tasks>>(
    name: string,
    when: Recurrence,
    task: Name,
    ...args: SubmitArguments<Tasks[Name]> extends [data: infer Data, ...rest: unknown[]]
      ? [data: Data]
      : [data?: TaskArguments<Tasks[Name]>[0]]
  ): Promise<void>;

  /** Ends a schedule. @returns whether there was one */
  unschedule(name: string): Promise<boolean>;

  /** The dead letters, oldest first. */
  dead(): AsyncIterable<DeadJob>;

  /** Sends a dead letter again, with all its attempts. @returns its id @throws UnknownJobError */
  resubmit(id: string): Promise<string>;

  /** Removes a dead letter. @throws UnknownJobError */
  discard(id: string): Promise<void>;

  /** How many jobs wait, run, are delayed and dead. */
  counts(): Promise<QueueCounts>;
}

/** A {@link DurableQueue} with slaves that run its jobs: what `createPool` with the option `durable` makes. */
export interface DurablePool<Tasks = AnyTasks> extends DurableQueue<Tasks>, AsyncDisposable {
  /** Its slaves. They may be given other jobs as well. */
  readonly workpool: Workpool<Tasks>;

  /** Resolves once the queue is open and its jobs are taken. @throws DurableQueueError */
  ready(): Promise<void>;

  /** Takes no more jobs, finishes those that it has taken, and ends the slaves. What waits stays on the server. To be called before `master.exit()`. */
  exit(options?: ExitOptions): Promise<ExitReport[]>;
}

/** The option of `createPool` that makes a {@link DurablePool}. */
export interface Durable {
  /** The name of the queue, or all its options. */
  durable: string | DurableOptions;
}

/**
 * @internal Validates the options, and returns what makes a pool durable, with the number of jobs that it runs at the same time. Set by
 * `connect` of `dist-io/nats`.
 */
export type MakeDurable = (options: Durable['durable']) => <Tasks>(workpool: Workpool<Tasks>, capacity: number) => DurablePool<Tasks>;
