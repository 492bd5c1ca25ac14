/** One who looks at a signal, until `end` is called. */
export interface AbortSubscription {
  cancel(): void;
}

/** Those that look at one signal, in a linked list: a Set through which so many pass would cost a third of all time in garbage collection. */
class Subscribers {
  first: Subscription | undefined;
  last: Subscription | undefined;

  constructor(readonly signal: AbortSignal) {}

  handleEvent(): void {
    const all: Subscription[] = [];
    for (let subscription = this.first; subscription !== undefined; subscription = subscription.next) all.push(subscription);
    for (const watch of all) watch.notify();
  }
}

class Subscription implements AbortSubscription {
  next: Subscription | undefined;
  private previous: Subscription | undefined;
  private hasEnded = false;

  constructor(
    private readonly subscribers: Subscribers,
    private readonly callback: () => void,
  ) {
    this.previous = subscribers.last;
    if (this.previous === undefined) subscribers.first = this;
    else this.previous.next = this;
    subscribers.last = this;
  }

  notify(): void {
    if (!this.hasEnded) this.callback();
  }

  cancel(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    const { subscribers: watches, previous: before, next: after } = this;
    if (before === undefined) watches.first = after;
    else before.next = after;
    if (after === undefined) watches.last = before;
    else after.previous = before;
    if (watches.first === undefined) stopListening(watches);
  }
}

const bySignal = new WeakMap<AbortSignal, Subscribers>();

/**
 * Calls back when the signal is aborted. The signal gets one listener in all: of more than ten, Node warns, and thousands of
 * requests may share a signal.
 */
export function onAbort(signal: AbortSignal, callback: () => void): AbortSubscription {
  let subscribers = bySignal.get(signal);
  if (subscribers === undefined) {
    subscribers = new Subscribers(signal);
    bySignal.set(signal, subscribers);
    signal.addEventListener('abort', subscribers);
  }
  return new Subscription(subscribers, callback);
}

/** With the last who looks at it, the listener goes. */
function stopListening(subscribers: Subscribers): void {
  bySignal.delete(subscribers.signal);
  subscribers.signal.removeEventListener('abort', subscribers);
}
