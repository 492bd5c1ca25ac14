import { EventEmitter } from 'node:events';
import { Master as MasterInstance } from './master';
import type { MasterOptions } from '../spawn/slave-options';

/** What `Master` is: a class of masters that has all the members of one itself. */
export interface MasterStatic extends Pick<MasterInstance, keyof MasterInstance> {
  /** Makes a master that is a world of its own. */
  new (options?: MasterOptions): MasterInstance;
  /** What `instanceof` looks for. */
  readonly prototype: MasterInstance;
  /** The living slaves of the shared master. */
  readonly slaves: MasterInstance['slaves'];
}

let defaultMaster: MasterInstance | undefined;

// Each member of a master becomes a static one that speaks for the shared master, which is made when it is first spoken to.
for (const prototype of [EventEmitter.prototype, MasterInstance.prototype]) {
  for (const [name, descriptor] of Object.entries<PropertyDescriptor>(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === 'constructor') continue;
    const member = (): unknown => Reflect.get((defaultMaster ??= new MasterInstance()), name);
    Object.defineProperty(
      MasterInstance,
      name,
      typeof descriptor.value === 'function'
        ? {
            value: (...args: never[]) => (member() as (...args: never[]) => unknown).apply(defaultMaster, args),
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
export const Master = MasterInstance as unknown as MasterStatic;

/** A master: the type of `new Master()`, and of what `@inject(Master)` injects. */
export type Master = MasterInstance;
