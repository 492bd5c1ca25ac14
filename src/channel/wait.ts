import { clearImmediate, clearTimeout, setImmediate, setTimeout } from '../platform';

/** A timer that can be cancelled. */
export interface Wait {
  cancel(): void;
}

/**
 * Calls back after a delay and one further poll of the event loop. In a program that was blocked for long, a timer alone would fire
 * before the data that have arrived meanwhile are read.
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
