import { EventEmitter } from 'node:events';
import { Master as MasterOfItsOwn } from './master';
import type { MasterOptions } from './options';

/** What `Master` is: a class of masters that has all the members of one itself. */
export interface MasterClass extends Pick<MasterOfItsOwn, keyof MasterOfItsOwn> {
  /** Makes a master that is a world of its own. */
  new (options?: MasterOptions): MasterOfItsOwn;
  /** What `instanceof` looks for. */
  readonly prototype: MasterOfItsOwn;
  /** The living slaves of the shared master. */
  readonly slaves: MasterOfItsOwn['slaves'];
}

let shared: MasterOfItsOwn | undefined;

// Each member of a master becomes a static one that speaks for the shared master, which is made when it is first spoken to.
for (const prototype of [EventEmitter.prototype, MasterOfItsOwn.prototype]) {
  for (const [name, descriptor] of Object.entries<PropertyDescriptor>(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === 'constructor') continue;
    const member = (): unknown => Reflect.get((shared ??= new MasterOfItsOwn()), name);
    Object.defineProperty(
      MasterOfItsOwn,
      name,
      typeof descriptor.value === 'function'
        ? {
            value: (...args: never[]) => (member() as (...args: never[]) => unknown).apply(shared, args),
            configurable: true,
            writable: true,
          }
        : { get: member, configurable: true },
    );
  }
}

/**
 * Creates slaves and speaks to them: `Master.createSlave(…)` at once, through one master that the whole process shares, or
 * `new Master()` for a world of its own, with its own ids and its own slaves.
 *
 * @example
 * ```js
 * const master = require('dist-io').Master;
 * const slave = master.createSlave('./slave.js');
 * const response = await slave.exec('say hello');
 * await slave.exit();
 * ```
 */
export const Master = MasterOfItsOwn as unknown as MasterClass;

/** A master: the type of `new Master()`, and of what `@inject(Master)` injects. */
export type Master = MasterOfItsOwn;
