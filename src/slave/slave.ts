import { EventEmitter } from 'node:events';
import { show } from '../format';
import type { SlaveConfig } from '../channel/channel';
import type { Identity, TaskDefaults } from '../protocol/messages';
import type { Done, Handler, TaskContext } from './handler';
import type { Purgeable } from './purgeable';
import { runningContext } from './task-context';
import type { ResultCache } from './result-cache';
import type { TaskOptions } from './task-options';
import type { ResolvedSelfOptions, SelfOptions } from './self-options';
import { type TaskOrigin, TaskTable } from './task-table';

/** Events of a {@link Slave}, in its own process. */
export interface SlaveEvents {
  /** The master has asked this slave to exit, and no task is running any more: the last chance to clean up, synchronously. */
  exit: [];
  /** `pause()` was called. */
  pause: [];
  /** `resume()` was called. */
  resume: [];
}

/** The process, thread or inline runtime that a slave runs in. */
export interface SlaveHost {
  readonly config: SlaveConfig;
  /** The option `data`, or undefined. */
  readonly data: unknown;
  /** Puts the options of the slave into effect. */
  applyOptions(options: ResolvedSelfOptions, previous: ResolvedSelfOptions): void;
}

/**
 * The slave as its own code sees it: its tasks, its identity and its options.
 *
 * `require('dist-io').Slave` is the slave of this process. It also exists in a process that no master started, with `isSlave` false, so
 * that a slave's file can be run or loaded by itself.
 *
 * @example
 * ```js
 * const slave = require('dist-io').Slave;
 *
 * slave
 *   .task('say hello', (name, done) => done(`Hello ${name}`))
 *   .task('add', ({ a, b }) => a + b);
 * ```
 */
export class Slave extends EventEmitter<SlaveEvents> {
  /** @internal */
  readonly tasks = new TaskTable();
  /** @internal The caches that `master.purgeCache` purges. */
  readonly purgeables = new Set<Purgeable>();
  /** @internal Called on the slave of the process when the file of any slave in it has loaded, with that slave and the file's exports. */
  afterLoad: ((slave: Slave, exports: unknown) => void) | undefined;
  /** @internal The classes and instances that `bootstrap` has registered here. */
  readonly bootstrapped = new Set<object>();
  private host: SlaveHost | undefined;
  private selfOptions: Partial<ResolvedSelfOptions> = {};
  private paused = false;

  /**
   * The number that the master gave this slave: 0, 1, 2, …; -1 while it is a spare; undefined when no master started this process.
   */
  get id(): number | undefined {
    return this.host?.config.id;
  }

  /** The name that the master gave this slave, or null. */
  get alias(): string | null {
    return this.host?.config.alias ?? null;
  }

  /** The group that the master put this slave into, or null. Updated when the master changes it. */
  get group(): string | null {
    return this.host?.config.group ?? null;
  }

  /**
   * The option `data` of `createSlave`, or undefined. It is available while the slave's file loads, and it is the same value for the
   * slave's whole life.
   *
   * @example
   * ```js
   * const { size } = require('dist-io').Slave.data;
   * ```
   */
  get data(): unknown {
    return this.host?.data;
  }

  /** Whether a master started this process. */
  get isSlave(): boolean {
    return this.host !== undefined;
  }

  /** Whether the slave refuses requests. */
  get isPaused(): boolean {
    return this.paused;
  }

  /**
   * Registers a task.
   *
   * @param name the name of the task: any non-empty string, unique in this slave
   * @param handler gets `(data, done, context)`; see {@link Handler} for when the task completes
   * @throws TypeError if the name is not a non-empty string or the handler is not a function
   * @throws DuplicateTaskError if the name is taken
   * @example
   * ```js
   * slave.task('fetch', async (url) => (await fetch(url)).text());
   * ```
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unnecessary-type-parameters -- the type of the data is the handler's to state
  task<Data = any, Result = unknown>(name: string, handler: (data: Data, done: Done<Result>, context: TaskContext) => unknown): this;
  /**
   * Registers a task with options: defaults for its requests, which the caller's metadata override, and `cache`, which caches its results.
   *
   * @param options how the task is executed
   * @throws TypeError for an unknown option or a wrong value, and if the handler of a task with `cache` is a generator
   * @example
   * ```js
   * slave.task('fetch', { timeout: '5s', retries: 2, idempotent: true }, async (url) => (await fetch(url)).text());
   * slave.task('render', { cache: { size: '64mb', ttl: '5m' } }, (page) => render(page));
   * ```
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- likewise
  task<Data = any, Result = unknown>(
    name: string,
    options: TaskOptions<Data>,
    handler: (data: Data, done: Done<Result>, context: TaskContext) => unknown,
  ): this;
  task(name: string, ...[first, second]: unknown[]): this {
    return second === undefined || typeof first === 'function'
      ? this.register(name, first as Handler)
      : this.register(name, second as Handler, undefined, first as TaskOptions);
  }

  /**
   * Returns the context of the running task, anywhere below its handler: after an `await`, in a timer, in the body of a generator, in any
   * function that the handler calls. Undefined outside of a task.
   *
   * @example
   * ```js
   * const log = (message) => console.log(Slave.context()?.requestId, message);
   * ```
   */
  context(): TaskContext | undefined {
    const context = runningContext();
    // Inline slaves share a process: the context may be that of another slave's task.
    return context?.slave === this ? context : undefined;
  }

  /**
   * Sets options of this slave, with effect at once. An option that is `undefined` gets the master's value again; an option that is not
   * named stays as it is. In a process that no master started, the options are stored without effect.
   *
   * @throws TypeError for an unknown option or a wrong value; then nothing is changed
   * @example
   * ```js
   * slave.setOptions({ maxPayload: '1mb', title: 'resizer' });
   * ```
   */
  setOptions(options: SelfOptions): this {
    const previous = this.getOptions();
    this.selfOptions = lazy.selfOptions().readSelfOptions(options, this.selfOptions, this.host?.config.maxPayload ?? Infinity);
    this.host?.applyOptions(this.getOptions(), previous);
    return this;
  }

  /** Returns a copy of the options in effect. */
  getOptions(): ResolvedSelfOptions {
    const config = this.host?.config;
    const { maxPayload = config?.maxPayload ?? Infinity, title = config?.title ?? undefined } = this.selfOptions;
    return { maxPayload, title };
  }

  /** Refuses new requests with a `SlavePausedError`. Running tasks continue, and `exit` still works. */
  pause(): this {
    if (!this.paused) {
      this.paused = true;
      this.emit('pause');
    }
    return this;
  }

  /** Accepts requests again, after {@link pause}. */
  resume(): this {
    if (this.paused) {
      this.paused = false;
      this.emit('resume');
    }
    return this;
  }

  /** @internal Makes this the slave of a master; called before its file loads. */
  attach(host: SlaveHost): void {
    this.host = host;
  }

  /** @internal */
  setIdentity({ id, alias, group }: Identity): void {
    if (this.host !== undefined) Object.assign(this.host.config, { id, alias, group });
  }

  /** @internal */
  register(name: string, handler: Handler, origin?: TaskOrigin, options?: TaskOptions): this {
    if (typeof name !== 'string' || name === '') throw new TypeError(`A task's name must be a non-empty string, not ${show(name)}.`);
    if (typeof handler !== 'function')
      throw new TypeError(`The task '${name}' needs a function as its last argument, not ${typeof handler}.`);
    const { cache, defaults } = options === undefined ? NO_OPTIONS : optionsOf(name, handler, options);
    this.tasks.add(name, { handler: cache?.handle ?? handler, origin, defaults });
    if (cache !== undefined) this.purgeables.add(cache);
    return this;
  }
}

/** The evaluated options of a task. */
interface TaskSetup {
  cache: ResultCache | undefined;
  defaults: TaskDefaults | undefined;
}

const NO_OPTIONS: TaskSetup = { cache: undefined, defaults: undefined };

/** @throws TypeError for an unknown option or a wrong value */
function optionsOf(task: string, handler: Handler, options: TaskOptions): TaskSetup {
  const { cache, ...read } = lazy.taskOptions().readTaskOptions(options);
  const defaults = Object.keys(read).length > 0 ? read : undefined;
  if (cache === undefined) return { cache, defaults };
  return { cache: new (lazy.resultCache().ResultCache)(task, handler, cache), defaults };
}

/* eslint-disable @typescript-eslint/no-require-imports -- each file that a slave loads delays its first answer, and most have no options */
const lazy = {
  selfOptions: () => require('./self-options') as typeof import('./self-options'),
  taskOptions: () => require('./task-options') as typeof import('./task-options'),
  resultCache: () => require('./result-cache') as typeof import('./result-cache'),
};
/* eslint-enable @typescript-eslint/no-require-imports */
