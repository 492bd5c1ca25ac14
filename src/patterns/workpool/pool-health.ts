import type { SlaveHandle } from '../../handles/slave-handle';

/** The state of a pool, and the numbers behind it. */
export interface PoolHealth {
  /**
   * `'ok'`: all slaves have loaded. `'degraded'`: some are loading, are being restarted, or fail. `'failing'`: there is no slave, or each was
   * restarted too often, so that work fails at once.
   */
  readonly status: 'ok' | 'degraded' | 'failing';
  /** The number of slaves that have loaded. */
  readonly ready: number;
  /** The number of slaves that are loading or wait for their restart. */
  readonly starting: number;
  /** The number of slaves that were restarted too often. They are still tried, every `maximumInterval`. */
  readonly failing: number;
  /** The number of restarts of these slaves so far. */
  readonly restarts: number;
  /** Why a slave is failing, or null. */
  readonly error: Error | null;
}

/** The events of a `Workpool`. */
export interface WorkpoolEvents {
  /** The status has changed. */
  health: [health: PoolHealth];
}

export function healthOf(slaves: readonly SlaveHandle[]): PoolHealth {
  const failing = slaves.filter((slave) => slave.isSuspended);
  const ready = slaves.filter((slave) => slave.isReady && slave.acceptsRequests).length;
  return {
    status: failing.length === slaves.length ? 'failing' : ready === slaves.length ? 'ok' : 'degraded',
    ready,
    starting: slaves.length - failing.length - ready,
    failing: failing.length,
    restarts: slaves.reduce((sum, { restarts }) => sum + restarts, 0),
    error: failing[0]?.refusal ?? null,
  };
}
