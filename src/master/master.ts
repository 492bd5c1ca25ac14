import { availableParallelism } from 'node:os';
import { show } from '../format';
import { requestAll } from '../handles/request-all';
import type { BroadcastBuilder, IsOneHandle, PipeBuilder, TasksOf, TellBuilder } from '../handles/request-builders';
import type { Selector } from '../handles/selector';
import { SlaveHandle } from '../handles/slave-handle';
import type { Response, ResponseArray } from '../handles/slave-response';
import { Parallel } from '../patterns/parallel/parallel';
import { Pipeline } from '../patterns/pipeline/pipeline';
import { Scatter, type ScatterMetadata } from '../patterns/scatter/scatter';
import { type PoolOptions, readPoolSize, splitPoolOptions } from '../patterns/workpool/pool-options';
import type { PoolSize } from '../patterns/workpool/pool-size';
import { type TypedMembers, Workpool } from '../patterns/workpool/workpool';
import type { WorkpoolOptions } from '../patterns/workpool/workpool-options';
import { checkData, type Metadata, validateCall } from '../requests/metadata';
import type { AnyTasks } from '../requests/task-types';
import type { Durable, DurablePool, MakeDurable } from './durable';
import { SlaveOwner } from './slave-owner';

/** In ms: how long a slave of a pool is idle before it is ended, when the pool may shrink. */
const IDLE_TIMEOUT = 10_000;

/** Creates slaves and executes tasks on them: on one, on many, or by a pattern. Each master has its own slaves and ids. */
export class Master extends SlaveOwner {
  private makeDurable: MakeDurable | undefined;

  /**
   * Names the task to execute; `to` then names the slaves.
   *
   * @throws TypeError at once, for arguments of a wrong type
   * @example
   * ```js
   * const responses = await master.broadcast('say hello', data).to(...slaves);
   * ```
   */
  broadcast<Name extends string, Data = undefined>(task: Name, data?: Data, metadata?: Metadata): BroadcastBuilder<Name, Data> {
    validateCall(task, metadata);
    checkData(data);
    return {
      to: async (...selectors: Selector[]) => requestAll(this.slaves.select(selectors), task, data, metadata),
    } as BroadcastBuilder<Name, Data>;
  }

  /**
   * Names the slaves; `to` then names the task to execute. Exactly one handle gives one response, everything else an array of responses.
   *
   * @example
   * ```js
   * const responses = await master.tell(slaves).to('say hello', data);
   * ```
   */
  tell<S extends readonly Selector[]>(...selectors: S): TellBuilder<IsOneHandle<S>, TasksOf<S[number]>> {
    const [first] = selectors;
    const to = (task: string, data?: unknown, metadata?: Metadata): Promise<Response | ResponseArray> =>
      selectors.length === 1 && first instanceof SlaveHandle
        ? first.request(task, data, metadata)
        : this.broadcast(task, data, metadata).to(...selectors);
    return { to } as never;
  }

  /**
   * Makes a {@link Parallel}: different tasks at the same time, each on its slaves.
   *
   * @typeParam Value the type of the values, when they share one
   */
  createParallel<Value = unknown>(): Parallel<Value> {
    return new Parallel(this.slaves);
  }

  /**
   * Makes a {@link Pipeline}: tasks one after the other, each with the value of the one before it.
   *
   * @typeParam Data the type of the data of the first task
   * @typeParam Value the type of the value of the last task
   */
  createPipeline<Data = unknown, Value = unknown>(): Pipeline<Data, Value> {
    return new Pipeline(this.slaves);
  }

  /**
   * Makes a {@link Scatter}: one task for many items, distributed over the slaves.
   *
   * @typeParam Item the type of the items
   * @typeParam Value the type of the task's values
   * @throws TypeError for arguments of a wrong type
   */
  createScatter<Item = unknown, Value = unknown>(task: string, metadata?: ScatterMetadata): Scatter<Item, Value> {
    return new Scatter(this.slaves, task, metadata);
  }

  /**
   * Makes a {@link Workpool}: each job goes to the next idle one of its slaves.
   *
   * @typeParam Tasks the tasks of the slaves by name. Default: those of the handles, where they are typed
   * @throws UnknownSlaveError
   * @throws TypeError for an unknown option or a wrong value
   * @example
   * ```js
   * const pool = master.createWorkpool(...slaves, { maxQueue: 1000 });
   * ```
   */
  createWorkpool<Tasks = AnyTasks>(
    ...members: TypedMembers<Tasks>[] | [...slaves: TypedMembers<Tasks>[], options: WorkpoolOptions]
  ): Workpool<Tasks>;
  createWorkpool<Tasks = AnyTasks>(...members: Selector[] | [...slaves: Selector[], options: WorkpoolOptions]): Workpool<Tasks>;
  createWorkpool(...members: Selector[] | [...slaves: Selector[], options: WorkpoolOptions]): Workpool {
    return new Workpool(this.slaves, members);
  }

  /**
   * Makes a {@link Workpool} with its own slaves, created from one file, which it replaces when they end; `pool.exit()` ends them.
   *
   * @typeParam Tasks the tasks of the slaves by name, for types
   * @param size the number of slaves; with `{ min, max }`, the pool grows while jobs wait, and shrinks when slaves are idle for `idleTimeout`
   * @param file as for {@link createSlave}
   * @param options those of the slaves and those of the pool, in one object
   * @throws TypeError for a wrong argument, an unknown option or a wrong value: then no slave is created
   * @throws DuplicateAliasError
   * @example
   * ```js
   * const pool = master.createPool(4, './thumbs.js', { runtime: 'thread', maxQueue: 1000 });
   * const response = await pool.do('shrink', file);
   * await pool.exit();
   * ```
   */
  createPool<Tasks = AnyTasks>(
    size: number | PoolSize,
    file: string | URL,
    options?: PoolOptions & { durable?: undefined },
  ): Workpool<Tasks>;
  /**
   * Makes a {@link DurablePool}: its jobs are stored on a NATS server, and survive the end of this program.
   *
   * @param options besides those above, `durable`: the name of the queue, or its {@link DurableOptions}
   * @throws TypeError also without a connection of `dist-io/nats`
   * @example
   * ```js
   * const cluster = await connect(master, { servers: 'nats://127.0.0.1:4222' });
   * const pool = master.createPool(4, './thumbs.js', { durable: 'jobs' });
   * const id = await pool.submit('shrink', file);
   * const thumb = await pool.result(id);
   * ```
   */
  createPool<Tasks = AnyTasks>(size: number | PoolSize, file: string | URL, options: PoolOptions & Durable): DurablePool<Tasks>;
  /** The same with one slave for each core that the program may use. */
  createPool<Tasks = AnyTasks>(file: string | URL, options: PoolOptions & Durable): DurablePool<Tasks>;
  /** The same with one slave for each core that the program may use. */
  createPool<Tasks = AnyTasks>(file: string | URL, options?: PoolOptions & { durable?: undefined }): Workpool<Tasks>;
  createPool<Tasks>(
    ...args: [string | URL, (PoolOptions & Partial<Durable>)?] | [number | PoolSize, string | URL, (PoolOptions & Partial<Durable>)?]
  ): Workpool<Tasks> | DurablePool<Tasks> {
    const hasFileFirst = typeof args[0] === 'string' || args[0] instanceof URL;
    const [size, file, { durable, ...options } = {}] = (hasFileFirst ? [availableParallelism(), ...args] : args) as [
      unknown,
      string | URL,
      (PoolOptions & Partial<Durable>)?,
    ];
    if (hasFileFirst && typeof args[1] === 'number')
      throw new TypeError(`The number of slaves comes before the file: createPool(${show(args[1])}, ${show(args[0])}).`);
    const { min, max } = readPoolSize(size);
    const { pool: poolOptions, slaves: slaveOptions, idleTimeout } = splitPoolOptions(options);
    if (min === max && idleTimeout !== undefined)
      throw new TypeError('idleTimeout needs a pool that can shrink: createPool({ min, max }, …).');
    const makeDurable = durable === undefined ? undefined : this.durableBy(durable);
    const create = this.slaveFactory<Tasks>(file, slaveOptions, true);
    const scaling = min < max ? { min, max, idleTimeout: idleTimeout ?? IDLE_TIMEOUT, create } : undefined;
    const pool = new Workpool<Tasks>(this.slaves, [poolOptions], scaling).add(create(min));
    return makeDurable === undefined ? pool : makeDurable(pool, max * (poolOptions.concurrency ?? 1));
  }

  /** @internal @param makeDurable makes pools durable; undefined: from now on nothing does */
  makeDurableBy(makeDurable: MakeDurable | undefined): void {
    this.makeDurable = makeDurable;
  }

  private durableBy(options: Durable['durable']): ReturnType<MakeDurable> {
    if (this.makeDurable === undefined)
      throw new TypeError('The option durable needs a NATS server: await connect(master, …) of dist-io/nats before createPool.');
    return this.makeDurable(options);
  }

  /** @internal */
  protected override pipe(response: Response, task: string, metadata: Metadata | undefined): PipeBuilder {
    validateCall(task, metadata);
    const to = async (...selectors: readonly Selector[]): Promise<unknown> => this.tell(...selectors).to(task, response.unwrap(), metadata);
    return { to } as PipeBuilder;
  }
}
