import { QueueFullError, SlaveDiedError, SlaveExitedError, SlavePausedError, SpawnError } from '../../errors';
import type { Response } from '../../handles/slave-response';
import { mayRetry } from '../../requests/retries';
import type { SlaveHandle } from '../../handles/slave-handle';
import type { TaskDefaults } from '../../protocol/messages';
import type { Job } from './workpool-job';

/**
 * What follows a response: it settles the job, or an earlier one does, whose error says more; or the job is executed again (`retry`), or
 * for the first time elsewhere (`move`).
 */
export type NextStep = 'settle' | 'settle earlier' | 'retry' | 'move';

/** @param hasOthers whether the pool has members besides these */
export function nextStep(job: Job, { error, slave, task }: Response, hasOthers: (slaves: readonly SlaveHandle[]) => boolean): NextStep {
  const { spec: terms } = job;
  if (error === null || terms.signal?.aborted || job.hasDelivered || !terms.isReusable(job.data)) return 'settle';
  if (hasNotRun(error)) return 'move';
  if (isRefusal(error)) return hasOthers([...job.refusedBy, slave]) ? 'move' : 'settle earlier';
  return mayRetry(terms.retries ?? defaultRetries(slave.defaultsOf(task)), error, job.attempts) ? 'retry' : 'settle';
}

/** An idempotent task is executed once more unless its defaults say otherwise. */
function defaultRetries({ retries, idempotent = false }: TaskDefaults = {}): number {
  return retries ?? (idempotent ? 1 : 0);
}

/** Whether the slave surely never saw the job. */
function hasNotRun(error: Error): boolean {
  return error instanceof SpawnError || ((error instanceof SlaveDiedError || error instanceof SlaveExitedError) && !error.mayHaveExecuted);
}

/** Whether this slave takes no job now, which another one may. */
function isRefusal(error: Error): boolean {
  return error instanceof SlavePausedError || error instanceof QueueFullError;
}
