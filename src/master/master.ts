import { availableParallelism } from 'node:os';
import { NoSlaveError } from '../errors';
import { show } from '../format';
import { Parallel } from '../patterns/parallel/parallel';
import { Pipeline } from '../patterns/pipeline/pipeline';
import { type PoolOptions, splitPoolOptions } from '../patterns/workpool/pool-options';
import { Scatter, type ScatterMetadata } from '../patterns/scatter/scatter';
import { type TypedMembers, Workpool, type WorkpoolOptions } from '../patterns/workpool/workpool';
import { type PingReport, readPingOptions } from '../handles/ping-report';
import { Emitter } from '../handles/emitter';
import { stopExitOnSignal, exitOnSignal } from './exit-on-signal';
import { type ExitOptions, readExitMode } from '../handles/exit-options';
import type { ExitReport } from '../handles/lifecycle';
import { checkData, validateCall, type Metadata } from '../requests/metadata';
import {
  resolveMasterOptions,
  type ResolvedOptions,
  type MasterDefaults,
  type MasterOptions,
  readMasterOptions,
  resolveOptions,
  type SlaveOptions,
} from '../spawn/slave-options';
import { type PurgeRequest, purgeSlaves } from '../handles/purge-slaves';
import type { Response, ResponseArray } from '../handles/slave-response';
import { requestAll } from '../handles/request-all';
import type { Selector } from '../handles/selector';
import { checkSignal, looksLikeSignal } from '../handles/signal-name';
import { findSlaveSource, type SlaveSource } from '../spawn/slave-file';
import { SlaveGroup } from '../handles/slave-group';
import type { HandleHost, SlaveHandleEvents } from '../handles/slave-events';
import { SlaveHandle } from '../handles/slave-handle';
import { LivingSlaves } from '../handles/living-slaves';
import { splitOptions } from './split-options';
import type { AnyTasks } from '../requests/task-types';
import type { IsHandle, TasksOf, BroadcastBuilder, TellBuilder } from '../handles/request-builders';
import type { Duration } from '../units';

/** The events of a {@link Master}: those of its slaves, each with the slave first. One that nobody listens to is nothing, `error` included. */
export type MasterEvents = { [Name in keyof SlaveHandleEvents]: [slave: SlaveHandle, ...args: SlaveHandleEvents[Name]] };

/**
 * Creates slaves and speaks to them.
 *
 * Each master is a world of its own, with its own ids. `Master` itself has all these members too, and there they speak for
 * one master that the whole process shares.
 */
export class Master extends Emitter<MasterEvents> {
  private readonly living = new LivingSlaves();
  private defaults: MasterDefaults;
  private nextId = 0;
  private readonly owner: HandleHost = {
    pipe: (response, task, metadata) => this.pipe(response, task, metadata),
    onEnded: (slave) => {
      this.living.remove(slave);
      if (this.living.living.size === 0) stopExitOnSignal(this);
    },
    onClosed: (slave) => this.living.close(slave),
    onBusyChange: (slave, busy) => this.living.countBusy(slave, busy),
    onEvent: (slave, name, args) => this.emitSafely(name, ...([slave, ...args] as unknown as MasterEvents[typeof name])),
  };

  /** @param options defaults for the slaves that it creates @throws TypeError for an option that does not exist or has a wrong value */
  constructor(options: MasterOptions = {}) {
    super();
    this.defaults = readMasterOptions(options);
  }

  /**
   * Changes the defaults for slaves that are created from now on; those that live keep what they have. One that is `undefined` is the
   * library's own again, one that is not named stays as it is.
   *
   * @throws TypeError for an option that does not exist or has a wrong value: then nothing is changed
   * @example
   * ```js
   * master.setOptions({ runtime: 'thread', timeout: '10s' });
   * ```
   */
  setOptions(options: MasterOptions): this {
    this.defaults = readMasterOptions(options, this.defaults);
    return this;
  }

  /** The defaults for slaves that are created from now on, those of the library included. A copy: changing it changes nothing. */
  getOptions(): ResolvedOptions {
    return resolveMasterOptions(this.defaults);
  }

  /** The slaves that accept work: all that live, but those that are exiting. */
  get slaves(): LivingSlaves {
    return this.living;
  }

  /**
   * Creates a slave. It is usable at once: requests wait until its file has loaded. A living slave keeps the program alive.
   *
   * @typeParam Tasks its tasks by name, for types: `{ 'say hello': (name: string) => string }`
   * @param source the file of the slave: a path, relative to the working directory, or a `file:` URL; the extension may be missing.
   *   TypeScript needs the master to run under ts-node or tsx, or one of them to be installed. For an inline slave it may be a class
   *   with `@Task` methods, of which the slave gets an instance, or an object that has them
   * @throws TypeError for a wrong argument, an option that does not exist or a wrong value
   * @throws DuplicateAliasError
   * @example
   * ```js
   * const slave = master.createSlave('./slave.js', { alias: 'greeter', timeout: '5s' });
   * ```
   */
  createSlave<Tasks = AnyTasks>(source: SlaveSource, options: SlaveOptions = {}): SlaveHandle<Tasks> {
    return this.createSlaves<Tasks>(1, source, options)[0];
  }

  /**
   * Creates several slaves from one file. Given an alias, the first has it, the second `alias-1`, the third `alias-2`.
   *
   * @param count how many
   * @throws TypeError, DuplicateAliasError: then none is created
   */
  createSlaves<Tasks = AnyTasks>(count: number, source: SlaveSource, options: SlaveOptions = {}): SlaveGroup<Tasks> {
    if (!Number.isInteger(count) || count < 0)
      throw new TypeError(`The first argument is how many slaves: a whole number, zero or more, not ${show(count)}.`);
    const resolved = resolveOptions(options, this.defaults);
    const found = findSlaveSource(source, resolved.runtime);
    const { alias } = resolved;
    const aliases = Array.from({ length: count }, (_, i) => (alias === undefined || i === 0 ? alias : `${alias}-${i}`));
    for (const one of aliases) if (one !== undefined) this.living.checkAlias(one);

    const group = new SlaveGroup<Tasks>();
    for (const one of aliases) {
      const slave = new SlaveHandle<Tasks>(this.nextId++, found, { ...resolved, alias: one }, this.owner);
      this.living.add(slave);
      exitOnSignal(this);
      group.push(slave);
    }
    return group;
  }

  /**
   * The living slave that a selector names.
   *
   * @throws UnknownSlaveError
   * @throws NoSlaveError when it is empty: an array or a view of no slaves
   * @throws TypeError when it names several
   */
  slave(selector: Selector): SlaveHandle {
    const found = this.living.select(selector);
    if (found.length === 0) throw new NoSlaveError(null);
    if (found.length > 1)
      throw new TypeError(`This names ${found.length} slaves. Use broadcast(…).to(…) or tell(…).to(…) to speak to several.`);
    return found[0];
  }

  /**
   * Says what to execute; `to` then says where.
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
      to: async (...selectors: Selector[]) => requestAll(this.living.select(selectors), task, data, metadata),
    } as BroadcastBuilder<Name, Data>;
  }

  /**
   * Says where to execute; `to` then says what. For one handle it resolves one response, for anything else an array of them.
   *
   * @example
   * ```js
   * const responses = await master.tell(slaves).to('say hello', data);
   * ```
   */
  tell<S extends readonly Selector[]>(
    ...selectors: S
  ): TellBuilder<S extends readonly [infer One] ? IsHandle<One> : false, TasksOf<S[number]>> {
    const [first] = selectors;
    const to = (task: string, data?: unknown, metadata?: Metadata): Promise<Response | ResponseArray> =>
      selectors.length === 1 && first instanceof SlaveHandle
        ? first.request(task, data, metadata)
        : this.broadcast(task, data, metadata).to(...selectors);
    return { to } as never;
  }

  /**
   * Makes a {@link Parallel}: several different tasks at the same time, each where it belongs.
   *
   * @typeParam Value the type of the values, when they share one
   */
  createParallel<Value = unknown>(): Parallel<Value> {
    return new Parallel(this.living);
  }

  /**
   * Makes a {@link Pipeline}: tasks one after the other, each with what the one before it made.
   *
   * @typeParam Data the type of what the first task gets
   * @typeParam Value the type of what the last one makes
   */
  createPipeline<Data = unknown, Value = unknown>(): Pipeline<Data, Value> {
    return new Pipeline(this.living);
  }

  /**
   * Makes a {@link Scatter}: one task for many items, dealt out over the slaves.
   *
   * @typeParam Item the type of the items
   * @typeParam Value the type of the task's values
   * @throws TypeError for arguments of a wrong type
   */
  createScatter<Item = unknown, Value = unknown>(task: string, metadata?: ScatterMetadata): Scatter<Item, Value> {
    return new Scatter(this.living, task, metadata);
  }

  /**
   * Makes a {@link Workpool}: each piece of work goes to the next idle one of its slaves.
   *
   * @typeParam Tasks the tasks of the slaves by name; they are those of the handles, when these know them
   * @throws UnknownSlaveError
   * @throws TypeError for an option that does not exist or has a wrong value
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
    return new Workpool(this.living, members);
  }

  /**
   * Makes a {@link Workpool} with slaves of its own, from one file; `pool.exit()` ends them.
   *
   * @typeParam Tasks the tasks of the slaves by name, for types
   * @param count how many slaves. Default: one for each core that the program may use
   * @param file as for {@link createSlave}
   * @param options those of the slaves and those of the pool, in one object
   * @throws TypeError for a wrong argument, an option that does not exist or a wrong value: then no slave is created
   * @throws DuplicateAliasError
   * @example
   * ```js
   * const pool = master.createPool(4, './thumbs.js', { runtime: 'thread', maxQueue: 1000 });
   * const response = await pool.do('shrink', file);
   * await pool.exit();
   * ```
   */
  createPool<Tasks = AnyTasks>(file: string | URL, options?: PoolOptions): Workpool<Tasks>;
  createPool<Tasks = AnyTasks>(count: number, file: string | URL, options?: PoolOptions): Workpool<Tasks>;
  createPool<Tasks>(...args: [string | URL, PoolOptions?] | [number, string | URL, PoolOptions?]): Workpool<Tasks> {
    const hasFileFirst = typeof args[0] === 'string' || args[0] instanceof URL;
    const [count, file, options = {}] = (hasFileFirst ? [availableParallelism(), ...args] : args) as [number, string | URL, PoolOptions?];
    if (!Number.isInteger(count) || count < 1)
      throw new TypeError(`The first argument is a file, or how many slaves: a whole number of at least 1, not ${show(count)}.`);
    const [poolOptions, slaveOptions] = splitPoolOptions(options);
    const pool = new Workpool<Tasks>(this.living, [poolOptions]);
    return pool.add(this.createSlaves(count, file, slaveOptions));
  }

  /**
   * Lets slaves forget what they remember: files that they have cached and results of tasks with `cache`. It makes no slave busy, and
   * each answers between two tasks, also a paused one; one that is loading answers afterwards.
   *
   * @param names files (relative to the working directory, absolute or `file:` URLs) and names of tasks; a text may be both. Default:
   *   everything
   * @returns a promise of what was freed. By default, all living slaves are meant; `.in(…)` says which. A slave that ends meanwhile is
   *   left out
   * @throws TypeError at once, for what is neither a text nor a `file:` URL
   * @throws TimeoutError, as a rejection, when one does not answer within its option `timeout`
   * @example
   * ```js
   * const { results, bytes } = await master.purgeCache('render');
   * await master.purgeCache('./templates/page.html').in('renderers');
   * await master.purgeCache();
   * ```
   */
  purgeCache(...names: (string | URL)[]): PurgeRequest {
    return purgeSlaves(this.living, names);
  }

  /**
   * Ends slaves: see {@link SlaveHandle.exit}. The master can be used on.
   *
   * @param args selectors, and then the {@link ExitOptions}. Without selectors: all slaves
   * @returns a report for each, in the order in which the slaves were named
   * @throws TypeError at once, for options that do not exist or have a wrong value
   * @throws UnknownSlaveError, as a rejection, when a selector names no living slave: then none is ended
   * @example
   * ```js
   * await master.exit('resizers', { pending: 'abort' });
   * ```
   */
  exit(...args: Selector[] | [...selectors: Selector[], options: ExitOptions]): Promise<ExitReport[]> {
    const [selectors, options] = splitOptions<Selector, ExitOptions>(args);
    const pending = readExitMode(options);
    return this.each(selectors, (slave) => slave.exit({ pending }));
  }

  /**
   * Ends slaves at once: see {@link SlaveHandle.kill}.
   *
   * @param args selectors, and then the name of a signal; default: `'SIGKILL'`. Without selectors: all slaves
   * @returns a report for each, in the order in which the slaves were named
   * @throws TypeError at once, for a signal that does not exist
   * @throws UnknownSlaveError, as a rejection, when a selector names no living slave: then none is ended
   */
  kill(...args: Selector[] | [...selectors: Selector[], signal: NodeJS.Signals]): Promise<ExitReport[]> {
    const last = args.at(-1);
    const signal = looksLikeSignal(last) ? last : undefined;
    if (signal !== undefined) checkSignal(signal);
    const selectors = signal === undefined ? args : args.slice(0, -1);
    return this.each(selectors, (slave) => slave.kill(signal));
  }

  /**
   * Asks slaves whether they are there: see {@link SlaveHandle.ping}.
   *
   * @param args selectors, and then options: `timeout`. Without selectors: all slaves
   * @returns an answer for each, in the order in which the slaves were named
   * @throws TypeError at once, for options that do not exist or have a wrong value
   * @throws UnknownSlaveError, and the errors of {@link SlaveHandle.ping}, as a rejection
   */
  ping(...args: Selector[] | [...selectors: Selector[], options: { timeout?: Duration }]): Promise<PingReport[]> {
    const [selectors, options] = splitOptions<Selector, { timeout?: Duration }>(args);
    const limits = readPingOptions(options);
    return this.each(selectors, (slave) => slave.ping(limits));
  }

  private async each<Result>(selectors: readonly Selector[], act: (slave: SlaveHandle) => Promise<Result>): Promise<Result[]> {
    const slaves = selectors.length > 0 ? this.living.select(selectors) : [...this.living.living.values()];
    return Promise.all(slaves.map(act));
  }

  private pipe(response: Response, task: string, metadata: Metadata | undefined): BroadcastBuilder {
    validateCall(task, metadata);
    return {
      to: async (...selectors) => this.broadcast(task, response.unwrap(), metadata).to(...selectors),
    };
  }
}
