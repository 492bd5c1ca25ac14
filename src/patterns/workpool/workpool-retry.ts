import { QueueFullError, SlavePausedError } from '../../errors';
import type { Response } from '../../handles/slave-response';
import { defaultRetries, hasNotRun, mayRetry } from '../../requests/retries';
import type { SlaveHandle } from '../../handles/slave-handle';
import type { Job } from './workpool-job';

/**
 * The action after a response. `settle` settles the job with the response, `settle earlier` with an earlier response, whose error is more
 * specific. `retry` starts another attempt. `move` sends the job to another member without counting an attempt.
 */
export type NextStep = 'settle' | 'settle earlier' | 'retry' | 'move';

/**
 * Chooses the action after a response.
 *
 * @param hasOthers returns whether the pool has members other than these
 */
export function nextStep(job: Job, { error, slave, task }: Response, hasOthers: (slaves: readonly SlaveHandle[]) => boolean): NextStep {
  const { spec } = job;
  if (error === null || spec.signal?.aborted || job.hasDelivered || !job.canBeSentAgain) return 'settle';
  if (hasNotRun(error)) return 'move';
  if (isRefusal(error)) return hasOthers([...job.refusedBy, slave]) ? 'move' : 'settle earlier';
  return mayRetry(spec.retries ?? defaultRetries(slave.defaultsOf(task)), error, job.attempts) ? 'retry' : 'settle';
}

/** Whether this slave refused the job, but another slave may accept it. */
function isRefusal(error: Error): boolean {
  return error instanceof SlavePausedError || error instanceof QueueFullError;
}
