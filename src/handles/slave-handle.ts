import { inspect, type InspectOptions } from 'node:util';
import { ItemStream } from '../requests/item-stream';
import { validateCall, type Metadata } from '../requests/metadata';
import { checkSingleUse } from '../requests/single-use';
import type { PendingRequest } from '../requests/pending-request';
import type { PartOfWork, RequestCall } from '../requests/request-call';
import { startRequest } from '../requests/start-request';
import type { AnyTasks, Client, TaskArguments, TaskItem, TaskName, TaskResult } from '../requests/task-types';
import type { Class } from '../task-marks';
import type { PipeBuilder } from './request-builders';
import { checkClientOf, createSlaveClient, requestCall } from './slave-client';
import { SlaveControl } from './slave-control';
import type { SlaveHandleEvents } from './slave-events';
import type { Response } from './slave-response';

/**
 * What the master holds of a slave. Usable at once: requests wait until the slave has loaded. It is an event emitter; an event without
 * listeners does nothing, `error` included.
 *
 * @typeParam Tasks the slave's tasks by name, when their types are known: see `Master.createSlave`
 */
export class SlaveHandle<Tasks = AnyTasks> extends SlaveControl {
  /**
   * Executes a task of this slave.
   *
   * The promise always settles. It resolves a {@link Response}, whose `error` is null on success; with `rejectOnError`, it rejects with the
   * error instead.
   *
   * @param task the name of the task
   * @param args the data for the task: any value that structured clone can copy, errors included. Then the {@link Metadata}: how to execute
   *   the task; other keys are in its `context.metadata`
   * @throws TypeError at once, for arguments of a wrong type
   * @example
   * ```js
   * const response = await slave.exec('say hello', 'Ann', { timeout: '5s' });
   * if (response.ok) console.log(response.value);
   * ```
   */
  exec<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<Response<TaskResult<Tasks[Name]>>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    return this.request(task, data, metadata) as Promise<Response<TaskResult<Tasks[Name]>>>;
  }

  /**
   * Executes a task that streams, and returns its items one by one.
   *
   * The request starts when the first item is requested. The slave is never more than `metadata.highWaterMark` items ahead. Leaving the
   * loop ends the task's generator, whose `finally` runs. An error of the task is thrown after the items before it, a timeout or an abort
   * at once. A task that does not stream gives its value as the only item, or no item when that is undefined. `exec` collects the items
   * of a stream in an array instead.
   *
   * @param task the name of the task
   * @param args the data and the {@link Metadata}, as for {@link exec}
   * @throws TypeError at once, for arguments of a wrong type
   * @example
   * ```js
   * for await (const line of slave.stream('search', { file, word })) console.log(line);
   * ```
   */
  stream<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): ItemStream<TaskItem<Tasks[Name]>> {
    const [data, metadata] = args as [unknown?, Metadata?];
    validateCall(task, metadata);
    checkSingleUse(data, metadata);
    const stream = new ItemStream(data, metadata?.highWaterMark, (sink) => this.startRequest({ task, data, metadata, ...sink }));
    return stream as ItemStream<TaskItem<Tasks[Name]>>;
  }

  /**
   * A client with the methods of the slave's class, for which `import type` suffices. A method resolves the value of its task, or rejects.
   *
   * Given the class, or once the slave is ready, the client has exactly the methods of the class. Before that, it takes any name for a
   * method, except names that programs and frameworks look up on every object, such as `toJSON`.
   *
   * @param of the class or its name; needed only when two classes of the slave have a method of the same name
   * @throws TypeError for anything but a class or a non-empty string
   * @example
   * ```ts
   * import type { Greeter } from './greeter';
   * const greeter = master.createSlave('./greeter.js').as<Greeter>();
   * const text = await greeter.sayHello('Ann');
   * ```
   */
  as<Instance extends object>(of?: string | Class<Instance>): Client<Instance> {
    checkClientOf(of);
    return createSlaveClient(
      () => [this],
      (call) => requestCall(this, call),
      of,
    ) as Client<Instance>;
  }

  /** The name of the other machine that it runs on; null on this machine, and while no host has accepted it. */
  get host(): string | null {
    return this.incarnations.current.host ?? null;
  }

  /** Whether it takes another request: it accepts work, and neither `maxPending` nor `maxPendingBytes` is reached. */
  get writable(): boolean {
    return this.acceptsRequests && !this.isFull;
  }

  /**
   * Resolves once the slave takes another request, at once when it does now. When it accepts no more work at all, it resolves too: the
   * next request tells why.
   *
   * @example
   * ```js
   * for (const picture of pictures) {
   *   if (!slave.writable) await slave.drained();
   *   void slave.exec('shrink', picture).then(save);
   * }
   * ```
   */
  async drained(): Promise<void> {
    // The slave may be restarted meanwhile, and then be full of what was moved to its new process.
    while (this.acceptsRequests && this.isFull) await this.requests.roomMade();
  }

  /** @internal The same as exec, without the types of the tasks. */
  request(task: string, data: unknown, metadata: Metadata | undefined, part?: PartOfWork): Promise<Response> {
    validateCall(task, metadata);
    checkSingleUse(data, metadata);
    const rejectOnError = metadata?.rejectOnError ?? this.rejectOnError;
    return new Promise((resolve, reject) => {
      this.startRequest({
        task,
        data,
        metadata,
        resolve: resolve as RequestCall['resolve'],
        reject: rejectOnError ? reject : undefined,
        attempt: part?.attempt,
        reportedTimeout: part?.reportedTimeout,
        shared: part?.shared,
      });
    });
  }

  /** @internal Starts a request whose outcome goes to a sink. */
  startRequest(call: RequestCall): PendingRequest {
    return startRequest(this, call);
  }

  /** @internal */
  pipe(response: Response, task: string, metadata: Metadata | undefined): PipeBuilder {
    return this.owner.pipe(response, task, metadata);
  }

  /** @internal */
  onSettled(response: Response): void {
    this.emitSafely('response', response);
  }

  protected override emitSafely<Name extends keyof SlaveHandleEvents>(name: Name, ...args: SlaveHandleEvents[Name]): void {
    super.emitSafely(name, ...args);
    this.owner.onEvent(this, name, args);
  }

  /** @internal Written by loggers. */
  toJSON(): object {
    const { id, alias, group, runtime, path, pid, isAlive, pending } = this;
    return { id, alias, group, runtime, path, pid, isAlive, pending };
  }

  /** @internal Shown by console.log. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return `SlaveHandle ${inspect(this.toJSON(), options)}`;
  }
}
