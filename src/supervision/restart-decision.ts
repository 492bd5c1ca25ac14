import { pauseBefore, varied } from './backoff';
import type { RestartIntensity } from './restart-intensity';
import type { ResolvedRestartOptions } from './restart-options';

/** How an incarnation of a slave ended, as far as its restart depends on it. */
export interface IncarnationEnd {
  /** In ms, by any clock that is never set back. */
  readonly now: number;
  /** How long it has lived, in ms. */
  readonly age: number;
  /** Whether it ended by itself with exit code 0. */
  readonly isNormal: boolean;
  /** Whether its file had loaded. */
  readonly hasLoaded: boolean;
  /** Whether it had completed a task. */
  readonly hasServed: boolean;
}

/**
 * What follows the end of an incarnation. `end`: the slave has ended. `restart`: it is started again after a pause. `suspend`: the same, but
 * until it has loaded its work fails. `give up`: all slaves of the supervisor end.
 */
export type Decision =
  | { readonly type: 'end' }
  | { readonly type: 'restart'; readonly pause: number }
  | { readonly type: 'suspend'; readonly pause: number }
  | { readonly type: 'give up' };

const END: Decision = { type: 'end' };
const GIVE_UP: Decision = { type: 'give up' };

/** Decides on the restarts of one slave. It starts and ends nothing itself, and reads no clock. */
export class RestartDecision {
  /** How many starts in a row have come to nothing. */
  private failures = 0;
  private isSuspended = false;

  /**
   * @param intensity shared by the slaves of a supervisor; of a service, each slave has its own
   * @param isService whether deaths in service do not count, and the slave is never given up
   */
  constructor(
    private readonly options: ResolvedRestartOptions,
    private readonly intensity: RestartIntensity,
    private readonly isService: boolean,
    private readonly random: () => number,
  ) {}

  afterEnd({ now, age, isNormal, hasLoaded, hasServed }: IncarnationEnd): Decision {
    const { restart, period, backoff } = this.options;
    if (restart === 'temporary' || (restart === 'transient' && isNormal)) return END;
    if (hasServed || age >= period) this.failures = 0;
    const counts = !this.isService || !hasServed;
    const isBeyond = counts && this.intensity.exceeds(now);
    if (isBeyond && !this.isService) return GIVE_UP;
    // Once suspended, a slave stays so until it has loaded, though the earlier restarts lie outside of the period by then.
    this.isSuspended = isBeyond || (this.isSuspended && !hasLoaded);
    if (this.isSuspended) return { type: 'suspend', pause: varied(backoff.maximumInterval, backoff.jitter, this.random()) };
    return { type: 'restart', pause: pauseBefore(this.failures++, backoff, this.random()) };
  }
}
