import { type DistIOError, NoSlaveError } from '../../errors';
import type { SlaveHandle } from '../../handles/slave-handle';
import { unsentResponse } from '../../requests/response';
import type { Job } from './workpool-job';
import type { Members } from './workpool-members';

/** Settles a job that was never sent, or not again. */
export function settleUnsent(job: Job, error: DistIOError | null, members: Members): void {
  const slave = job.lastFailure?.slave ?? members.nominalSlave;
  if (slave === undefined) job.reject(error ?? new NoSlaveError(job.spec.task));
  else job.settle(unsentResponse(slave, job.spec.task, error, Math.max(1, job.attempts)));
}

/** Settles a job when there is no member. */
export function rejectNoMembers(job: Job, { lastDropped }: Members): void {
  if (job.lastFailure !== undefined) job.settle(job.lastFailure);
  // The ended slave refuses the job with the error of its end.
  else if (lastDropped !== undefined) refuse(job, lastDropped);
  else job.reject(new NoSlaveError(job.spec.task));
}

/** The slave refuses the job with the error that says why it takes no work. */
export function refuse(job: Job, slave: SlaveHandle): void {
  job.send(slave, (response) => job.settle(response));
}
