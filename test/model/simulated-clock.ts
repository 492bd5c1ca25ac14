import { setImmediate as nextTurn } from 'node:timers/promises';

interface Timer {
  readonly at: number;
  readonly sequence: number;
  readonly callback: () => void;
  /** Whether dist-io has set it, not the simulation. */
  isOfLibrary: boolean;
}

/** The parts of `src/platform.ts` and `src/performance.ts` that a simulated clock replaces. */
interface Replaceable {
  platform: Record<'setTimeout' | 'clearTimeout' | 'setImmediate', unknown>;
  performance: { now: () => number };
}

/** A clock for the sources of dist-io, on which minutes take no time. It moves on only by {@link run}. */
export class SimulatedClock {
  now = 0;
  private readonly timers = new Set<Timer>();
  private sequence = 0;

  /** How many timers dist-io has set. */
  get pending(): number {
    return [...this.timers].filter(({ isOfLibrary }) => isOfLibrary).length;
  }

  /** Calls back after a time in ms; in the order of the calls, among those of the same time. */
  after = (ms: number, callback: () => void): Timer => {
    const timer = { at: this.now + ms, sequence: this.sequence++, callback, isOfLibrary: false };
    this.timers.add(timer);
    return timer;
  };

  /** Moves on until the condition holds, or for `ms` at most. */
  async run(ms: number, isOver: () => boolean = () => false): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      // Promise jobs, and what dist-io defers to the end of the tick.
      await nextTurn();
      const next = this.first();
      if (isOver()) return;
      if (next === undefined || next.at > end) break;
      this.now = next.at;
      this.timers.delete(next);
      next.callback();
    }
    this.now = end;
  }

  /** Replaces the clock. @returns the inverse */
  install({ platform, performance }: Replaceable): () => void {
    const original = { ...platform };
    const { now } = performance;
    platform.setTimeout = (callback: () => void, ms: number) => {
      const timer = Object.assign(this.after(Math.max(ms, 1), callback), { ref: () => timer, unref: () => timer, isOfLibrary: true });
      return timer;
    };
    platform.setImmediate = (callback: (...args: unknown[]) => void, ...args: unknown[]) => this.after(0, () => callback(...args));
    platform.clearTimeout = (timer: Timer | undefined) => timer !== undefined && this.timers.delete(timer);
    performance.now = () => this.now;
    return () => {
      Object.assign(platform, original);
      performance.now = now;
    };
  }

  private first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.sequence < first.sequence)) first = timer;
    }
    return first;
  }
}
