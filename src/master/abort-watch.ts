/** The requests that look at one signal. */
class Watch {
  readonly calls = new Set<() => void>();

  handleEvent(): void {
    for (const call of [...this.calls]) call();
  }
}

const watches = new WeakMap<AbortSignal, Watch>();

/**
 * Calls back when the signal is aborted. The signal gets one listener in all: of more than ten, Node warns, and thousands of
 * requests may share a signal.
 */
export function watchAbort(signal: AbortSignal, call: () => void): void {
  let watch = watches.get(signal);
  if (watch === undefined) {
    watch = new Watch();
    watches.set(signal, watch);
    signal.addEventListener('abort', watch);
  }
  watch.calls.add(call);
}

/** The inverse of {@link watchAbort}: with the last request, the listener goes. */
export function unwatchAbort(signal: AbortSignal, call: () => void): void {
  const watch = watches.get(signal);
  if (watch?.calls.delete(call) !== true || watch.calls.size > 0) return;
  watches.delete(signal);
  signal.removeEventListener('abort', watch);
}
