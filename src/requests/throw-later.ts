import { nextTick } from '../platform';

/** Throws in a tick of its own, as an uncaught exception: the fault of a listener must not keep others from their answers. */
export function throwLater(error: unknown): void {
  nextTick(() => {
    throw error;
  });
}
