import { EventEmitter } from 'node:events';
import { show } from '../format';
import type { SlaveConfig } from '../channel/channel';
import type { TaskDefaults } from '../protocol/messages';
import type { Done, Handler, TaskContext } from './handler';
import type { Purgeable } from './purgeable';
import { runningContext } from './task-context';
import type { ResultCache } from './result-cache';
import type { TaskOptions } from './task-options';
import type { ResolvedSelfOptions, SelfOptions } from './self-options';
import { type TaskOrigin, TaskTable } from './task-table';

/** What a {@link Slave} tells its own process. */
export interface SlaveEvents {
  /** The master has asked this slave to end and nothing is running any more: the last chance to put things away. */
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
 * The functional core inside a slave: it holds the tasks and knows who this slave is.
 *
 * `require('dist-io').Slave` is the one of this process. In a process that no master started it exists all the same, with
 * `isSlave` false, so that a slave file can be run or loaded by itself.
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
  /** @internal What `master.purgeCache` purges here. */
  readonly purgeables = new Set<Purgeable>();
  /** @internal Called on the slave of the process when the file of any slave in it has loaded, with that slave and the file's exports. */
  afterLoad: ((slave: Slave, exports: unknown) => void) | undefined;
  /** @internal What `bootstrap` has registered here, classes and instances alike. */
  readonly bootstrapped = new Set<object>();
  private host: SlaveHost | undefined;
  private selfOptions: Partial<ResolvedSelfOptions> = {};
  private paused = false;

  /** The number that the master gave this slave: 0, 1, 2, …; undefined when no master started this process. */
  get id(): number | undefined {
    return this.host?.config.id;
  }

  /** The name that the master gave this slave, or null. */
  get alias(): string | null {
    return this.host?.config.alias ?? null;
  }

  /** The group that the master put this slave into, or null. It follows when the master changes it. */
  get group(): string | null {
    return this.host?.config.group ?? null;
  }

  /**
   * The option `data` of `createSlave`: there while the slave's file loads, the same value for as long as the slave lives. Undefined
   * without one.
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

  /** Whether requests are being refused. */
  get isPaused(): boolean {
    return this.paused;
  }

  /**
   * Registers a task.
   *
   * @param name what the master calls it; any text, unique in this slave
   * @param handler gets `(data, done, context)`; see {@link Handler} for when the task is complete
   * @throws TypeError when the name is no text or the handler no function
   * @throws DuplicateTaskError when the name is taken
   * @example
   * ```js
   * slave.task('fetch', async (url) => (await fetch(url)).text());
   * ```
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unnecessary-type-parameters -- what comes is the master's word, and the handler's to name
  task<Data = any, Result = unknown>(name: string, handler: (data: Data, done: Done<Result>, context: TaskContext) => unknown): this;
  /**
   * Registers a task with options: defaults for its requests, which the caller's metadata override, and `cache`, with which its results are
   * remembered.
   *
   * @param options how it is executed
   * @throws TypeError for an option that does not exist or has a wrong value, and when the handler of a task with `cache` is a generator
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
    // Inline slaves share a process: what one of them causes in another is not its task.
    return context?.slave === this ? context : undefined;
  }

  /**
   * Sets what a slave can decide about itself, with effect at once. One that is `undefined` is again what the master has set, one that
   * is not named stays as it is. In a process that no master started they are kept, and change nothing.
   *
   * @throws TypeError for an option that does not exist or has a wrong value: then nothing is changed
   * @example
   * ```js
   * slave.setOptions({ maxPayload: '1mb', title: 'resizer' });
   * ```
   */
  setOptions(options: SelfOptions): this {
    // Loaded when it is first called: most slaves never do.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { readSelfOptions } = require('./self-options') as typeof import('./self-options');
    const previous = this.getOptions();
    this.selfOptions = readSelfOptions(options, this.selfOptions, this.host?.config.maxPayload ?? Infinity);
    this.host?.applyOptions(this.getOptions(), previous);
    return this;
  }

  /** What holds for this slave now. A copy: changing it changes nothing. */
  getOptions(): ResolvedSelfOptions {
    const config = this.host?.config;
    const { maxPayload = config?.maxPayload ?? Infinity, title = config?.title ?? undefined } = this.selfOptions;
    return { maxPayload, title };
  }

  /** Refuses requests from now on with a `SlavePausedError`. What is running goes on, and `exit` is still obeyed. */
  pause(): this {
    if (!this.paused) {
      this.paused = true;
      this.emit('pause');
    }
    return this;
  }

  /** The inverse of {@link pause}. */
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
  setGroup(group: string | null): void {
    if (this.host !== undefined) this.host.config.group = group;
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

/** What the options of a task come to. */
interface TaskSetup {
  cache: ResultCache | undefined;
  defaults: TaskDefaults | undefined;
}

const NO_OPTIONS: TaskSetup = { cache: undefined, defaults: undefined };

/** Loaded when a task has options: most have none, and each file that a slave loads delays its first answer. @throws TypeError */
function optionsOf(task: string, handler: Handler, options: TaskOptions): TaskSetup {
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { readTaskOptions } = require('./task-options') as typeof import('./task-options');
  const { cache, ...read } = readTaskOptions(options);
  const defaults = Object.keys(read).length > 0 ? read : undefined;
  if (cache === undefined) return { cache, defaults };
  const { ResultCache } = require('./result-cache') as typeof import('./result-cache');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return { cache: new ResultCache(task, handler, cache), defaults };
}
