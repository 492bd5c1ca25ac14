import { nextTick } from '../platform';

/** Throws in a separate tick, as an uncaught exception, so that a throwing listener does not keep other callers from their answers. */
export function throwLater(error: unknown): void {
  nextTick(() => {
    throw error;
  });
}
