import { inspect } from 'node:util';
import { DuplicateAliasError, UnknownSlaveError } from '../errors';
import { show } from '../format';
import { leastBusy } from './least-busy';
import { findSlaveFile } from '../spawn/slave-file';
import type { AnyHandle, Selector } from './selector';
import type { SlaveControl } from './slave-control';
import { SlaveHandle } from './slave-handle';
import { SlaveView } from './slave-view';

/** The slaves of a master that accept work, in the order of their ids. Always up to date. A slave that is exiting is not among them. */
export class LivingSlaves implements Iterable<SlaveHandle> {
  private readonly accepting = new Map<number, SlaveHandle>();
  /** @internal All living slaves, those that are exiting included. */
  readonly byId = new Map<number, SlaveHandle>();
  private readonly byAlias = new Map<string, SlaveHandle>();
  private busyCount = 0;

  /** The number of slaves. */
  get length(): number {
    return this.accepting.size;
  }

  /** The slaves without a pending request. Their number is known without counting. */
  readonly idle = new SlaveView(
    this,
    (slave) => slave.isIdle,
    () => this.accepting.size - this.busyCount,
  );

  /** The slaves with a pending request. Their number is known without counting. */
  readonly busy = new SlaveView(
    this,
    (slave) => !slave.isIdle,
    () => this.busyCount,
  );

  /** The slaves on this machine. */
  readonly local = new SlaveView(this, (slave) => !slave.isRemote);

  /** The slaves on other machines. */
  readonly remote = new SlaveView(this, (slave) => slave.isRemote);

  /** The slaves in this group. */
  inGroup(group: string): SlaveView {
    return new SlaveView(this, (slave) => slave.group === group);
  }

  /** The slaves in another group, or in none. */
  notInGroup(group: string): SlaveView {
    return new SlaveView(this, (slave) => slave.group !== group);
  }

  /**
   * The slaves that run this file.
   *
   * @param file as for `createSlave`: a path relative to the working directory, or a `file:` URL
   * @throws TypeError for anything else
   */
  withPath(file: string | URL): SlaveView {
    const { path } = findSlaveFile(file);
    return new SlaveView(this, (slave) => slave.path === path);
  }

  /**
   * The slave with the fewest pending requests; of several, the first. Undefined when no slave accepts work.
   *
   * @param among default: all slaves
   * @throws UnknownSlaveError
   */
  leastBusy(...among: Selector[]): SlaveHandle | undefined {
    const candidates = among.length === 0 ? [...this] : this.select(among);
    return leastBusy(candidates.filter((slave) => slave.acceptsRequests));
  }

  /** Iterates over the slaves in the order of their ids. */
  [Symbol.iterator](): Iterator<SlaveHandle> {
    return this.accepting.values();
  }

  /** @internal Written by loggers. */
  toJSON(): object {
    return [...this];
  }

  /** @internal Shown by console.log. */
  [inspect.custom](): object {
    return this.toJSON();
  }

  /** @internal The slaves that a selector names, each once, in its order. @throws UnknownSlaveError, TypeError */
  select(selector: Selector): SlaveHandle[] {
    const found = new Set<SlaveHandle>();
    const add = (selector: Selector): void => {
      if (isIterable(selector)) for (const inner of selector) add(inner);
      else for (const slave of this.resolve(selector)) found.add(slave);
    };
    add(selector);
    return [...found];
  }

  /** @internal @throws DuplicateAliasError */
  checkAlias(alias: string): void {
    if (this.byAlias.has(alias)) throw new DuplicateAliasError(alias);
  }

  /** @internal */
  add(slave: SlaveHandle): void {
    this.byId.set(slave.id, slave);
    this.accepting.set(slave.id, slave);
    if (slave.alias !== null) this.byAlias.set(slave.alias, slave);
  }

  /** @internal A slave has become busy, or idle again. */
  countBusy(slave: SlaveControl, busy: boolean): void {
    if (this.accepting.has(slave.id)) this.busyCount += busy ? 1 : -1;
  }

  /** @internal A slave accepts no more work. Its handle, id and alias select it until it has ended. */
  close(slave: SlaveControl): void {
    if (this.accepting.delete(slave.id) && slave.pending > 0) this.busyCount--;
  }

  /** @internal */
  remove(slave: SlaveControl): void {
    this.close(slave);
    this.byId.delete(slave.id);
    if (slave.alias !== null) this.byAlias.delete(slave.alias);
  }

  private resolve(selector: AnyHandle | number | string): SlaveHandle[] {
    if (selector instanceof SlaveHandle) return [selector as SlaveHandle];
    if (typeof selector !== 'string' && typeof selector !== 'number')
      throw new TypeError(`A selector is a slave, an id, an alias, a group or an array of those, not ${show(selector)}.`);
    const single = typeof selector === 'number' ? this.byId.get(selector) : this.byAlias.get(selector);
    if (single !== undefined) return [single];
    const group = typeof selector === 'string' ? [...this.inGroup(selector)] : [];
    if (group.length === 0) throw new UnknownSlaveError(selector);
    return group;
  }
}

function isIterable(selector: Selector): selector is Iterable<Selector> {
  return typeof selector === 'object' && (selector as unknown) !== null && Symbol.iterator in selector;
}
