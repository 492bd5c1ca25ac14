import { NoSlaveError } from '../errors';
import { show } from '../format';
import { Emitter } from '../handles/emitter';
import { exitAll } from '../handles/exit-all';
import { type ExitOptions, readExitMode } from '../handles/exit-options';
import type { ExitReport } from '../handles/lifecycle';
import { LivingSlaves } from '../handles/living-slaves';
import { type PingReport, readPingOptions } from '../handles/ping-report';
import { type PurgeRequest, purgeSlaves } from '../handles/purge-slaves';
import type { PipeBuilder } from '../handles/request-builders';
import type { Selector } from '../handles/selector';
import { checkSignal, looksLikeSignal } from '../handles/signal-name';
import type { HandleHost, SlaveHandleEvents } from '../handles/slave-events';
import { SlaveGroup } from '../handles/slave-group';
import { SlaveHandle } from '../handles/slave-handle';
import { Supervisor } from '../handles/supervisor';
import type { Response } from '../handles/slave-response';
import type { Metadata } from '../requests/metadata';
import type { AnyTasks } from '../requests/task-types';
import { findScript, findSlaveSource, type OpenRemote, type SlaveSource } from '../spawn/slave-file';
import {
  type MasterDefaults,
  type MasterOptions,
  readMasterOptions,
  type ResolvedOptions,
  resolveMasterOptions,
  resolveOptions,
  type SlaveOptions,
} from '../spawn/slave-options';
import type { Duration } from '../units';
import { exitOnSignal, stopExitOnSignal } from './exit-on-signal';
import { noteActivity, stopWatching, watchForgotten } from './forgotten-slaves';
import { splitOptions } from '../handles/split-options';

/**
 * The events of a {@link Master}: those of its slaves, with the slave as first argument. An event without listeners does nothing, `error`
 * included.
 */
export type MasterEvents = { [Name in keyof SlaveHandleEvents]: [slave: SlaveHandle, ...args: SlaveHandleEvents[Name]] };

/** Creates slaves, selects, pings and ends them. `Master` adds the methods that execute tasks. */
export abstract class SlaveOwner extends Emitter<MasterEvents> {
  /** Starts slaves on other machines, while the master is connected to them. */
  private openRemote: OpenRemote | undefined;
  private readonly livingSlaves = new LivingSlaves();
  private defaults: MasterDefaults;
  private nextId = 0;
  private readonly host: HandleHost = {
    pipe: (response, task, metadata) => this.pipe(response, task, metadata),
    onEnded: (slave) => {
      this.slaves.remove(slave);
      if (this.slaves.byId.size > 0) return;
      stopExitOnSignal(this);
      stopWatching(this);
    },
    onClosed: (slave) => this.slaves.close(slave),
    onBusyChange: (slave, isBusy) => {
      noteActivity();
      this.slaves.countBusy(slave, isBusy);
    },
    onEvent: (slave, name, args) => this.emitSafely(name, ...([slave, ...args] as unknown as MasterEvents[typeof name])),
  };

  /**
   * @param options defaults for the slaves that it creates
   * @throws TypeError for an unknown option or a wrong value
   */
  constructor(options: MasterOptions = {}) {
    super();
    this.defaults = readMasterOptions(options);
  }

  /** @internal Starts the second half of `response.pipe(task).to(…)`. */
  protected abstract pipe(response: Response, task: string, metadata: Metadata | undefined): PipeBuilder;

  /**
   * Changes the defaults for slaves that are created from now on. Living slaves keep their options. An option that is `undefined` returns
   * to the library's default; one that is missing stays as it is.
   *
   * @throws TypeError for an unknown option or a wrong value: then nothing is changed
   * @example
   * ```js
   * master.setOptions({ runtime: 'thread', timeout: '10s' });
   * ```
   */
  setOptions(options: MasterOptions): this {
    this.defaults = readMasterOptions(options, this.defaults);
    return this;
  }

  /** The defaults for slaves that are created from now on, those of the library included. It is a copy: changing it changes no default. */
  getOptions(): ResolvedOptions {
    return resolveMasterOptions(this.defaults);
  }

  /** The slaves that accept work: all living ones except those that are exiting. */
  get slaves(): LivingSlaves {
    return this.livingSlaves;
  }

  /**
   * Creates a slave. It is usable at once: requests wait until its file has loaded. A living slave keeps the program alive.
   *
   * @typeParam Tasks its tasks by name, for types: `{ 'say hello': (name: string) => string }`
   * @param source the file of the slave: a path, relative to the working directory, or a `file:` URL; the extension may be missing.
   *   TypeScript needs the master to run under ts-node or tsx, or one of them to be installed. For an inline slave it may be a class
   *   with `@Task` methods, of which the slave gets an instance, or an object that has them
   * @throws TypeError for a wrong argument, an unknown option or a wrong value
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
   * Creates several slaves from one file. If an alias is given, the first slave has it, the second `alias-1`, the third `alias-2`.
   *
   * @param count the number of slaves
   * @throws TypeError, DuplicateAliasError: then no slave is created
   */
  createSlaves<Tasks = AnyTasks>(count: number, source: SlaveSource, options: SlaveOptions = {}): SlaveGroup<Tasks> {
    if (!Number.isInteger(count) || count < 0)
      throw new TypeError(`The first argument is how many slaves: a whole number, zero or more, not ${show(count)}.`);
    return this.slaveFactory<Tasks>(source, options, false)(count);
  }

  /**
   * Returns a function that creates slaves of the same kind, supervised together.
   *
   * @param isService whether they are those of a pool, which is never given up
   * @throws TypeError
   */
  protected slaveFactory<Tasks>(source: SlaveSource, options: SlaveOptions, isService: boolean): (count: number) => SlaveGroup<Tasks> {
    const defaults: MasterDefaults = isService ? { restart: 'permanent', ...this.defaults } : this.defaults;
    const resolved = resolveOptions(options, defaults);
    const { host, version, runtime } = resolved;
    const file = host === undefined ? findSlaveSource(source, runtime) : findScript(source, { host, version }, this.openRemote);
    const supervisor = new Supervisor({ file, options: resolved }, isService);
    let created = 0;
    return (count) => {
      const aliases = Array.from({ length: count }, (_, i) => aliasOf(resolved.alias, created + i));
      for (const alias of aliases) if (alias !== undefined) this.slaves.checkAlias(alias);
      created += count;

      const group = new SlaveGroup<Tasks>();
      for (const alias of aliases) {
        const slave = new SlaveHandle<Tasks>({ id: this.nextId++, file, options: { ...resolved, alias } }, supervisor, this.host);
        this.slaves.add(slave);
        exitOnSignal(this);
        watchForgotten(this);
        group.push(slave);
      }
      return group;
    };
  }

  /** @internal @param openRemote starts slaves on other machines; undefined: from now on nothing does */
  startRemoteBy(openRemote: OpenRemote | undefined): void {
    this.openRemote = openRemote;
  }

  /**
   * The living slave that a selector names.
   *
   * @throws UnknownSlaveError
   * @throws NoSlaveError for a selector of no slaves, such as an empty array or view
   * @throws TypeError for a selector of several slaves
   */
  slave(selector: Selector): SlaveHandle {
    const slaves = this.slaves.select(selector);
    if (slaves.length === 0) throw new NoSlaveError(null);
    if (slaves.length > 1)
      throw new TypeError(`This names ${slaves.length} slaves. Use broadcast(…).to(…) or tell(…).to(…) to address several.`);
    return slaves[0];
  }

  /**
   * Drops what slaves have cached: files, and results of tasks with the option `cache`. It makes no slave busy. Each slave answers between
   * two tasks, paused or not; one that is loading answers afterwards.
   *
   * @param names files (relative to the working directory, absolute or `file:` URLs) and names of tasks; a string may be both. Default:
   *   everything
   * @returns a promise of what was freed in all living slaves; `.in(…)` restricts it to some. A slave that ends meanwhile is left out
   * @throws TypeError at once, for anything but a string or a `file:` URL
   * @throws TimeoutError, as a rejection, when a slave does not answer within its option `timeout`
   * @example
   * ```js
   * const { results, bytes } = await master.purgeCache('render');
   * await master.purgeCache('./templates/page.html').in('renderers');
   * await master.purgeCache();
   * ```
   */
  purgeCache(...names: (string | URL)[]): PurgeRequest {
    return purgeSlaves(this.slaves, names);
  }

  /**
   * Ends slaves gracefully, in the reverse order of their creation: see {@link SlaveHandle.exit}. The master remains usable.
   *
   * @param args selectors, and then the {@link ExitOptions}. Without selectors: all slaves
   * @returns a report for each slave, in the order of the selectors
   * @throws TypeError at once, for an unknown option or a wrong value
   * @throws UnknownSlaveError, as a rejection, when a selector names no living slave: then no slave is ended
   * @example
   * ```js
   * await master.exit('resizers', { pending: 'abort' });
   * ```
   */
  exit(...args: Selector[] | [...selectors: Selector[], options: ExitOptions]): Promise<ExitReport[]> {
    const [selectors, options] = splitOptions<Selector, ExitOptions>(args);
    const pending = readExitMode(options);
    return this.exitSelected(selectors, pending);
  }

  /** Does the same as {@link exit}, at the end of the block of `await using master = new Master()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.exit();
  }

  /**
   * Ends slaves at once: see {@link SlaveHandle.kill}.
   *
   * @param args selectors, and then the name of a signal; default: `'SIGKILL'`. Without selectors: all slaves
   * @returns a report for each slave, in the order of the selectors
   * @throws TypeError at once, for a signal that does not exist
   * @throws UnknownSlaveError, as a rejection, when a selector names no living slave: then no slave is ended
   */
  kill(...args: Selector[] | [...selectors: Selector[], signal: NodeJS.Signals]): Promise<ExitReport[]> {
    const last = args.at(-1);
    const signal = looksLikeSignal(last) ? last : undefined;
    if (signal !== undefined) checkSignal(signal);
    const selectors = signal === undefined ? args : args.slice(0, -1);
    return this.each(selectors, (slave) => slave.kill(signal));
  }

  /**
   * Asks slaves for a sign of life: see {@link SlaveHandle.ping}.
   *
   * @param args selectors, and then options: `timeout`. Without selectors: all slaves
   * @returns a report for each slave, in the order of the selectors
   * @throws TypeError at once, for an unknown option or a wrong value
   * @throws UnknownSlaveError, and the errors of {@link SlaveHandle.ping}, as a rejection
   */
  ping(...args: Selector[] | [...selectors: Selector[], options: { timeout?: Duration }]): Promise<PingReport[]> {
    const [selectors, options] = splitOptions<Selector, { timeout?: Duration }>(args);
    const limits = readPingOptions(options);
    return this.each(selectors, (slave) => slave.ping(limits));
  }

  private async exitSelected(selectors: readonly Selector[], pending: 'finish' | 'abort'): Promise<ExitReport[]> {
    return exitAll(this.selectLiving(selectors), pending);
  }

  private async each<Result>(selectors: readonly Selector[], act: (slave: SlaveHandle) => Promise<Result>): Promise<Result[]> {
    return Promise.all(this.selectLiving(selectors).map(act));
  }

  /** Without selectors: all living slaves, those that are exiting included. @throws UnknownSlaveError */
  private selectLiving(selectors: readonly Selector[]): SlaveHandle[] {
    return selectors.length > 0 ? this.slaves.select(selectors) : [...this.slaves.byId.values()];
  }
}

/** The alias of the first slave, the second, … */
function aliasOf(first: string | undefined, index: number): string | undefined {
  return first === undefined || index === 0 ? first : `${first}-${index}`;
}
