import type { SlaveHandle } from './slave-handle';

/**
 * Names slaves: a handle, an id, an alias, a group, or arrays and other iterables of those, nested to any depth. A string is looked up as
 * an alias first, then as a group.
 */
export type Selector = AnyHandle | number | string | Iterable<Selector>;

/** A handle with any tasks. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handle is not covariant in its tasks
export type AnyHandle = SlaveHandle<any>;
