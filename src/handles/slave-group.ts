import { NoSlaveError } from '../errors';
import { checkClientOf, createSlaveClient, requestCall } from './slave-client';
import type { Class } from '../task-marks';
import { leastBusy } from './least-busy';
import { pickByKey } from './rendezvous';
import { checkData, readKey, validateCall, type Metadata } from '../requests/metadata';
import { requestAll } from './request-all';
import type { ResponseArray } from './slave-response';
import type { SlaveHandleEvents } from './slave-events';
import type { SlaveHandle } from './slave-handle';
import { exitAll } from './exit-all';
import { type ExitOptions, readExitMode } from './exit-options';
import type { ExitReport } from './lifecycle';
import type { AnyTasks, Client, TaskArguments, TaskName, TaskResult } from '../requests/task-types';

/**
 * Several slaves, as `createSlaves` returns them: an array of handles with methods for all of them. `map` and `filter` give plain arrays.
 */
export class SlaveGroup<Tasks = AnyTasks> extends Array<SlaveHandle<Tasks>> {
  /** @internal */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  #turn = 0;

  /** A random one of the slaves that accept work; undefined when there is none. */
  get random(): SlaveHandle<Tasks> | undefined {
    const accepting = this.filter((slave) => slave.acceptsRequests);
    return accepting[Math.floor(Math.random() * accepting.length)];
  }

  /**
   * The slave of a key, among those that accept work. Equal keys give the same slave, in each run of the program; when a slave ends,
   * only its keys move to others. A slave that is created with the alias of one that has ended gets the keys of its predecessor.
   *
   * @param key the number 1 and the string `'1'` are the same key
   * @throws TypeError for a key that is neither a string nor a number
   * @throws NoSlaveError when none of them accepts work
   * @example
   * ```js
   * await shards.by(user).exec('set', { user, name: 'Ann' });
   * ```
   */
  by(key: string | number): SlaveHandle<Tasks> {
    const slave = pickByKey(
      this.filter((slave) => slave.acceptsRequests),
      String(readKey(key, 'key')),
    );
    if (slave === undefined) throw this.#noSlave(null);
    return slave;
  }

  /**
   * Waits until all of them have loaded.
   *
   * @throws SpawnError, as a rejection, when one did not start
   */
  async ready(): Promise<void> {
    await Promise.all(this.map((slave) => slave.ready()));
  }

  /**
   * Executes a task on every slave; the responses are in the order of the slaves.
   *
   * @throws TypeError at once, for arguments of a wrong type
   * @throws NoSlaveError, as a rejection, when no slave accepts work
   */
  exec<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<ResponseArray<TaskResult<Tasks[Name]>>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    validateCall(task, metadata);
    checkData(data);
    if (!this.some((slave) => slave.acceptsRequests)) return Promise.reject(this.#noSlave(task));
    return requestAll(this, task, data, metadata);
  }

  /**
   * A client with the methods of the slaves' class: see {@link SlaveHandle.as}. Each call goes to the slave with the fewest pending
   * requests; among equals they take turns.
   *
   * @throws NoSlaveError, as a rejection of each call, when no slave accepts work
   */
  as<Instance extends object>(of?: string | Class<Instance>): Client<Instance> {
    checkClientOf(of);
    const pickSlave = (task: string) => {
      const slave = leastBusy(
        this.filter((slave) => slave.acceptsRequests),
        this.#turn++,
      );
      if (slave === undefined) throw this.#noSlave(task);
      return slave;
    };
    return createSlaveClient(
      () => this,
      (call) => requestCall(pickSlave(call.method), call),
      of,
    ) as Client<Instance>;
  }

  /**
   * Ends all slaves gracefully, in the reverse order of their creation: see {@link SlaveHandle.exit}. With the strategy `'rest_for_one'`,
   * each one is ended once those created after it have ended.
   *
   * @throws TypeError at once, for an unknown option or a wrong value
   */
  exit(options?: ExitOptions): Promise<ExitReport[]> {
    return exitAll(this, readExitMode(options));
  }

  /**
   * Ends all slaves at once: see {@link SlaveHandle.kill}.
   *
   * @param signal default: `'SIGKILL'`
   * @throws TypeError at once, for a signal that does not exist
   */
  kill(signal?: NodeJS.Signals): Promise<ExitReport[]> {
    return Promise.all(this.map((slave) => slave.kill(signal)));
  }

  /** Does the same as {@link exit}, at the end of the block of `await using slaves = master.createSlaves(…)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.exit();
  }

  /** Listens to an event of every slave. The listener gets the slave as first argument. */
  on<Name extends keyof SlaveHandleEvents>(
    event: Name,
    listener: (slave: SlaveHandle<Tasks>, ...args: SlaveHandleEvents[Name]) => void,
  ): this {
    for (const slave of this) slave.on(event, ((...args: SlaveHandleEvents[Name]) => listener(slave, ...args)) as never);
    return this;
  }

  /** Its cause says why the last slave accepts no work. */
  #noSlave(task: string | null): NoSlaveError {
    return new NoSlaveError(task, { cause: this.at(-1)?.refusal });
  }
}
