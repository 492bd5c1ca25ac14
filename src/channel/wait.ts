import { clearImmediate, clearTimeout, setImmediate, setTimeout } from '../platform';

/** A timer that can be cancelled. */
export interface Wait {
  cancel(): void;
}

/**
 * Calls back after some time, and not before the event loop has polled once more: in a program that was blocked for long, a timer fires
 * before what has arrived meanwhile is read.
 */
export function wait(ms: number, callback: () => void): Wait {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (immediate = setImmediate(callback)), ms);
  return {
    cancel: () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
