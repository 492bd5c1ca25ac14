import { clearTimeout } from '../platform';
import { startTimer } from '../requests/start-timer';
import { pauseBefore } from '../supervision/backoff';
import { Incarnation } from './incarnation';
import type { IncarnationEvents } from './incarnation-events';
import type { SlaveSpec } from './slave-control';

/** The id of a spare. */
const NO_ID = -1;

/** In ms: a process blocks the master while it is started, which the first requests after a restart must not wait for. */
const DELAY = 20;

const ignore = (): void => undefined;

/** Processes that are started and loaded behind the slaves of a supervisor, so that one that ends can be replaced at once. */
export class Spares {
  private readonly spares = new Set<Incarnation>();
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private isEnding = false;
  private resolveEnded: () => void = ignore;

  /** @param count how many to keep */
  constructor(
    private readonly count: number,
    private readonly spec: Omit<SlaveSpec, 'id'>,
  ) {}

  /** Starts those that are missing, soon. */
  fill(): void {
    this.fillAfter(DELAY);
  }

  private fillAfter(pause: number): void {
    clearTimeout(this.timer);
    if (!this.isEnding) this.timer = startTimer(pause, () => this.start())?.unref();
  }

  private start(): void {
    while (!this.isEnding && this.spares.size < this.count) {
      const { file, options } = this.spec;
      const spare = new Incarnation(
        { id: NO_ID, label: 'a spare', file, options: { ...options, alias: undefined, unref: true } },
        this.events(),
      );
      this.spares.add(spare);
      spare.start(null);
    }
  }

  /** One that has loaded, to be assigned to a slave. Another one is started in its place. */
  take(): Incarnation | undefined {
    const loaded = [...this.spares].find((spare) => spare.isReady && spare.lifecycle.isOpen);
    if (loaded === undefined) return undefined;
    this.spares.delete(loaded);
    this.fill();
    return loaded;
  }

  /** Ends them, since there are no slaves any more that they could replace. */
  end(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.timer);
    for (const spare of this.spares) spare.exit('finish');
    return new Promise((resolve) => {
      this.resolveEnded = resolve;
      this.checkEnded();
    });
  }

  private events(): IncarnationEvents {
    return {
      onReady: () => (this.failures = 0),
      onEnded: (spare) => {
        this.spares.delete(spare);
        this.checkEnded();
        // One that does not load is not started again at once.
        this.fillAfter(pauseBefore(++this.failures, this.spec.options.backoff, Math.random()));
      },
      onSent: ignore,
      onProgress: ignore,
      onBusyChange: ignore,
      onCompleted: ignore,
      // Another one is started, elsewhere.
      onDue: (spare) => spare.kill('SIGKILL'),
      onClosed: ignore,
      onEnding: ignore,
    };
  }

  private checkEnded(): void {
    if (this.isEnding && this.spares.size === 0) this.resolveEnded();
  }
}
