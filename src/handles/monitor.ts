import type { Runtime } from '../channel/channel';
import { RUNTIMES } from '../channel/runtimes';
import { performance } from '../performance';
import { clearTimeout, setImmediate } from '../platform';
import type { ResolvedMonitorOptions } from '../supervision/monitor-options';
import { type RecyclingLimits, recyclingLimits } from '../supervision/recycling';
import { startTimer } from '../requests/start-timer';
import type { Incarnation } from './incarnation';

/** In ms. */
const MEMORY_INTERVAL = 1000;

/** In ms: a timer that is so late shows that this program was blocked. */
const LATE = 50;

/** Watches one process of a slave, from when it has loaded to its end: whether it responds, and whether its replacement is due. */
export class Monitor {
  private readonly limits: RecyclingLimits;
  private readonly timers = new Set<NodeJS.Timeout>();
  private isStopped = false;

  constructor(
    private readonly incarnation: Incarnation,
    private readonly options: ResolvedMonitorOptions & { readonly runtime: Runtime },
    /** Called when its replacement is due. */
    private readonly onDue: () => void,
  ) {
    this.limits = recyclingLimits(options, Math.random);
    const { maxAge, maxMemory } = this.limits;
    this.after(maxAge, onDue);
    if (maxMemory !== Infinity && !RUNTIMES[options.runtime].sharesThread) this.after(MEMORY_INTERVAL, () => void this.checkMemory());
    if (options.responsive.within !== Infinity) this.ask();
  }

  /** A task was completed. */
  completed(): void {
    if (this.incarnation.requests.completed >= this.limits.maxTasks) this.onDue();
  }

  stop(): void {
    this.isStopped = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async checkMemory(): Promise<void> {
    const memory = await this.incarnation.ping(Infinity).then(
      ({ memory }) => memory,
      () => undefined,
    );
    if (memory === undefined || this.isStopped) return;
    const { rss, heapUsed, external } = memory;
    const bytes = RUNTIMES[this.options.runtime].sharesProcess ? heapUsed + external : rss;
    if (bytes > this.limits.maxMemory) this.onDue();
    this.after(MEMORY_INTERVAL, () => void this.checkMemory());
  }

  /** Asks whether its event loop runs, and asks again after half of the time that it may be blocked. */
  private ask(): void {
    const { within } = this.options.responsive;
    let isAnswered = false;
    this.incarnation.ping(Infinity).then(
      () => {
        isAnswered = true;
        this.after(within / 2, () => this.ask());
      },
      () => undefined,
    );
    this.expect(() => isAnswered);
  }

  private expect(isAnswered: () => boolean): void {
    const { within } = this.options.responsive;
    const due = performance.now() + within;
    const check = (): void => {
      if (isAnswered()) return;
      // This master was blocked itself, perhaps before the question had left.
      if (performance.now() - due > LATE) this.expect(isAnswered);
      else this.end(within);
    };
    // A master that was busy itself reads first the answers that have arrived meanwhile.
    this.after(within, () => setImmediate(() => setImmediate(check)));
  }

  private end(within: number): void {
    if (this.isStopped) return;
    this.incarnation.killBecause({ type: 'death', reason: 'unresponsive', detail: `its thread was blocked for more than ${within} ms.` });
  }

  private after(ms: number, callback: () => void): void {
    if (this.isStopped) return;
    const timer = startTimer(ms, () => {
      if (timer !== undefined) this.timers.delete(timer);
      callback();
    });
    // The slave itself keeps the program alive.
    if (timer !== undefined) this.timers.add(timer.unref());
  }
}
