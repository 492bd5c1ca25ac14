import type { SlaveHandle } from './slave-handle';

/**
 * Names slaves: a handle, an id, an alias, a group, or arrays and other iterables of those, nested as deeply as you like. A text
 * names an alias first, then a group.
 */
export type Selector = AnyHandle | number | string | Iterable<Selector>;

/** A handle, whatever its tasks are. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handle is not covariant in its tasks
export type AnyHandle = SlaveHandle<any>;
