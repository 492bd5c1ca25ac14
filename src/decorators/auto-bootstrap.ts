import { processSlave } from '../slave/current-slave';
import type { Slave } from '../slave/slave';
import { bootstrap, isBootstrapped } from './bootstrap';
import { type Class, tasksOf } from './task-metadata';

/** Has the decorated classes that a slave's file exports registered once it has loaded, so that the file need not call `bootstrap`. */
export function bootstrapAfterLoad(): void {
  processSlave.afterLoad ??= bootstrapExports;
}

function bootstrapExports(slave: Slave, exports: unknown): void {
  if (isBootstrapped(slave)) return;
  if (typeof exports === 'object' && exports !== null && hasTasks(exports.constructor)) {
    bootstrap(exports);
    return;
  }
  const classes = new Set(
    [exports, ...valuesOf(exports), ...valuesOf((exports as { default?: unknown } | null)?.default)].filter(hasTasks),
  );
  // Not the base classes of others: their tasks are inherited.
  const leaves = [...classes].filter((base) => ![...classes].some((Class) => Object.prototype.isPrototypeOf.call(base, Class)));
  if (leaves.length > 0) bootstrap(leaves);
}

function valuesOf(exports: unknown): unknown[] {
  return Object.values(exports ?? {});
}

function hasTasks(value: unknown): value is Class {
  return (
    typeof value === 'function' &&
    typeof value.prototype === 'object' &&
    value.prototype !== null &&
    tasksOf(value as unknown as Class).size > 0
  );
}
