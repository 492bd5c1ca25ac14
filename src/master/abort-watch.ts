/** One who looks at a signal, until `end` is called. */
export interface AbortWatch {
  end(): void;
}

/** Those that look at one signal, in a linked list: a Set through which so many pass would cost a third of all time in garbage collection. */
class Watches {
  first: Watch | undefined;
  last: Watch | undefined;

  constructor(readonly signal: AbortSignal) {}

  handleEvent(): void {
    const all: Watch[] = [];
    for (let watch = this.first; watch !== undefined; watch = watch.after) all.push(watch);
    for (const watch of all) watch.tell();
  }
}

class Watch implements AbortWatch {
  after: Watch | undefined;
  private before: Watch | undefined;
  private hasEnded = false;

  constructor(
    private readonly watches: Watches,
    private readonly call: () => void,
  ) {
    this.before = watches.last;
    if (this.before === undefined) watches.first = this;
    else this.before.after = this;
    watches.last = this;
  }

  tell(): void {
    if (!this.hasEnded) this.call();
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    const { watches, before, after } = this;
    if (before === undefined) watches.first = after;
    else before.after = after;
    if (after === undefined) watches.last = before;
    else after.before = before;
    if (watches.first === undefined) forget(watches);
  }
}

const bySignal = new WeakMap<AbortSignal, Watches>();

/**
 * Calls back when the signal is aborted. The signal gets one listener in all: of more than ten, Node warns, and thousands of
 * requests may share a signal.
 */
export function watchAbort(signal: AbortSignal, call: () => void): AbortWatch {
  let watches = bySignal.get(signal);
  if (watches === undefined) {
    watches = new Watches(signal);
    bySignal.set(signal, watches);
    signal.addEventListener('abort', watches);
  }
  return new Watch(watches, call);
}

/** With the last who looks at it, the listener goes. */
function forget(watches: Watches): void {
  bySignal.delete(watches.signal);
  watches.signal.removeEventListener('abort', watches);
}
