import { once } from 'node:events';
import type { Master, Response, SlaveHandle, Workpool, WorkpoolOptions } from 'dist-io';

/** The data of all `hold` tasks that a slave has started, in order. Such a task completes at the task `release`. */
export async function started(slave: SlaveHandle): Promise<unknown> {
  return (await slave.exec('begun')).value;
}

/** A pool whose only member is busy, so that further jobs wait. */
export function createBusyPool(
  master: Master,
  member: SlaveHandle,
  options: WorkpoolOptions = {},
): { pool: Workpool; first: Promise<Response> } {
  const pool = master.createWorkpool(member, options);
  return { pool, first: pool.do('hold', 'first') };
}

/** Releases the `hold` jobs of a pool one by one. @returns the data in the order in which the only member has started them */
export async function executionOrder(pool: Workpool, member: SlaveHandle): Promise<unknown> {
  while (pool.running > 0) {
    const answered = once(member, 'response');
    await member.exec('release');
    await answered;
  }
  return started(member);
}
