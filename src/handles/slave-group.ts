import { NoSlaveError } from '../errors';
import { checkClientOf, createSlaveClient, requestCall } from './slave-client';
import type { Class } from '../task-marks';
import { leastBusy } from './least-busy';
import { checkData, validateCall, type Metadata } from '../requests/metadata';
import { requestAll } from './request-all';
import type { ResponseArray } from './slave-response';
import type { SlaveHandleEvents } from './slave-events';
import type { SlaveHandle } from './slave-handle';
import { type ExitOptions, readExitMode } from './exit-options';
import type { ExitReport } from './lifecycle';
import type { AnyTasks, Client, TaskArguments, TaskName, TaskResult } from '../requests/task-types';

/** Several slaves, as `createSlaves` returns them: an array of handles that can be spoken to as one. `map` and `filter` give plain arrays. */
export class SlaveGroup<Tasks = AnyTasks> extends Array<SlaveHandle<Tasks>> {
  /** @internal */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  #turn = 0;

  /** One of those that accept work, at random; undefined when there is none. */
  get random(): SlaveHandle<Tasks> | undefined {
    const accepting = this.filter((slave) => slave.acceptsRequests);
    return accepting[Math.floor(Math.random() * accepting.length)];
  }

  /** Waits until all of them have loaded. @throws SpawnError, as a rejection, when one did not start */
  async ready(): Promise<void> {
    await Promise.all(this.map((slave) => slave.ready()));
  }

  /**
   * Executes a task on every one of them; the responses come in their order.
   *
   * @throws TypeError at once, for arguments of a wrong type
   * @throws NoSlaveError, as a rejection, when none of them accepts work
   */
  exec<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<ResponseArray<TaskResult<Tasks[Name]>>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    validateCall(task, metadata);
    checkData(data);
    if (!this.some((slave) => slave.acceptsRequests)) return Promise.reject(this.#noSlave(task));
    return requestAll(this, task, data, metadata);
  }

  /**
   * A client with the methods of the slaves' class; each call goes to the slave that has the fewest pending requests, so to an
   * idle one first; among equals they take turns. See {@link SlaveHandle.as}.
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

  /** Ends all of them: see {@link SlaveHandle.exit}. @throws TypeError at once, as there */
  exit(options?: ExitOptions): Promise<ExitReport[]> {
    const pending = readExitMode(options);
    return Promise.all(this.map((slave) => slave.exit({ pending })));
  }

  /** Ends all of them at once. @param signal default: `'SIGKILL'` */
  kill(signal?: NodeJS.Signals): Promise<ExitReport[]> {
    return Promise.all(this.map((slave) => slave.kill(signal)));
  }

  /** Listens to an event of each of them; the listener gets the slave first. */
  on<Name extends keyof SlaveHandleEvents>(
    event: Name,
    listener: (slave: SlaveHandle<Tasks>, ...args: SlaveHandleEvents[Name]) => void,
  ): this {
    for (const slave of this) slave.on(event, ((...args: SlaveHandleEvents[Name]) => listener(slave, ...args)) as never);
    return this;
  }

  /** Its cause says why the last of them takes no work. */
  #noSlave(task: string): NoSlaveError {
    return new NoSlaveError(task, { cause: this.at(-1)?.refusal });
  }
}
