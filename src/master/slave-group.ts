import { createClient } from './client';
import { leastBusy } from './least-busy';
import { checkRequest, type Metadata } from './metadata';
import { requestAll } from './request-all';
import type { ResponseArray } from './response-array';
import type { SlaveHandleEvents } from './slave-events';
import type { SlaveHandle } from './slave-handle';
import { type ExitOptions, pendingOf } from './exit-options';
import type { ExitReport } from './life';
import type { AnyTasks, Client, TaskArguments, TaskName, TaskResult } from './task-types';

/** Several slaves, as `createSlaves` returns them: an array of handles that can be spoken to as one. `map` and `filter` give plain arrays. */
export class SlaveGroup<Tasks = AnyTasks> extends Array<SlaveHandle<Tasks>> {
  /** @internal */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  #turn = 0;

  /** One of them, at random; undefined in an empty group. */
  get random(): SlaveHandle<Tasks> | undefined {
    return this[Math.floor(Math.random() * this.length)];
  }

  /** Waits until all of them have loaded. @throws SpawnError, as a rejection, when one did not start */
  async ready(): Promise<void> {
    await Promise.all(this.map((slave) => slave.ready()));
  }

  /** Executes a task on every one of them; the responses come in their order. @throws TypeError at once, for arguments of a wrong type */
  exec<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<ResponseArray<TaskResult<Tasks[Name]>>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    checkRequest(task, metadata);
    return requestAll(this, task, data, metadata);
  }

  /**
   * A client with the methods of the slaves' class; each call goes to the slave that has the fewest pending requests, so to an
   * idle one first; among equals they take turns. See {@link SlaveHandle.as}.
   */
  as<Class extends object>(className?: string): Client<Class> {
    const choose = () => {
      const working = this.filter((slave) => slave.takesWork);
      if (working.length === 0) throw new TypeError('None of the slaves in this group takes work any more. Create new ones.');
      return leastBusy(working, this.#turn++) as unknown as SlaveHandle;
    };
    return createClient(choose, className) as Client<Class>;
  }

  /** Ends all of them: see {@link SlaveHandle.exit}. @throws TypeError at once, as there */
  exit(options?: ExitOptions): Promise<ExitReport[]> {
    const pending = pendingOf(options);
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
}
