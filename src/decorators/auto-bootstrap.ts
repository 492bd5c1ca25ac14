import { processSlave } from '../slave/current-slave';
import type { Slave } from '../slave/slave';
import { bootstrap, isBootstrapped } from './bootstrap';
import { type Class, tasksOf } from './task-metadata';

/** A slave file that exports decorated classes need not call `bootstrap`: it is done once the file has loaded. */
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
  // A class that another one extends is its base: its tasks are inherited there.
  const leaves = [...classes].filter((one) => ![...classes].some((other) => Object.prototype.isPrototypeOf.call(one, other)));
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
