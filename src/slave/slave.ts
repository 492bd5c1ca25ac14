import { EventEmitter } from 'node:events';
import type { SlaveConfig } from '../channel/channel';
import type { TaskOffer } from '../protocol/messages';
import type { Done, Handler, TaskContext } from './handler';
import type { Purgeable } from './purgeable';
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
  /** @internal Called when tasks are registered; set once the master listens. */
  offer: ((tasks: TaskOffer[]) => void) | undefined;
  /** @internal Called on the slave of the process with a slave and what its file exports, after that has loaded. */
  afterLoad: ((slave: Slave, exports: unknown) => void) | undefined;
  /** @internal */
  config: SlaveConfig | undefined;
  private paused = false;

  /** The number that the master gave this slave: 0, 1, 2, …; undefined when no master started this process. */
  get id(): number | undefined {
    return this.config?.id;
  }

  /** The name that the master gave this slave, or null. */
  get alias(): string | null {
    return this.config?.alias ?? null;
  }

  /** The group that the master put this slave into, or null. It follows when the master changes it. */
  get group(): string | null {
    return this.config?.group ?? null;
  }

  /** Whether a master started this process. */
  get isSlave(): boolean {
    return this.config !== undefined;
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
  task<Data = any, Result = unknown>(name: string, handler: (data: Data, done: Done<Result>, context: TaskContext) => unknown): this {
    return this.register(name, handler as Handler);
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

  /** @internal */
  register(name: string, handler: Handler, origin?: TaskOrigin): this {
    if (typeof name !== 'string' || name === '')
      throw new TypeError(`A task's name must be a text that is not empty, not ${String(name)}.`);
    if (typeof handler !== 'function')
      throw new TypeError(`The task '${name}' needs a function as its second argument, not ${typeof handler}.`);
    this.tasks.add(name, handler, origin);
    this.offer?.([{ name, ...origin }]);
    return this;
  }
}
