import { EventEmitter } from 'node:events';
import type { MasterOptions } from '../spawn/slave-options';
import { Master as MasterInstance } from './master';
import { SlaveOwner } from './slave-owner';

/** The class `Master`, which has all members of a master as static ones: those of the default master. */
export interface MasterStatic extends Pick<MasterInstance, keyof MasterInstance & string> {
  /** Creates a separate master with its own slaves and ids. */
  new (options?: MasterOptions): MasterInstance;
  /** For `instanceof`. */
  readonly prototype: MasterInstance;
  /** The slaves of the default master that accept work. */
  readonly slaves: MasterInstance['slaves'];
}

let defaultMaster: MasterInstance | undefined;

// Copies every member to the class, as a static one that uses the default master. That is created on first use.
for (const prototype of [EventEmitter.prototype, SlaveOwner.prototype, MasterInstance.prototype]) {
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

/** The public `Master`, which index.ts documents. */
export const Master = MasterInstance as unknown as MasterStatic;

/** A master: the type of `new Master()`, and of what `@inject(Master)` injects. */
export type Master = MasterInstance;
