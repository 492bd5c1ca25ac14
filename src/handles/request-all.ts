import { SharedData } from '../protocol/encoded-value';
import type { Metadata } from '../requests/metadata';
import { checkSingleUse } from '../requests/single-use';
import type { ResponseArray } from './slave-response';
import { responseArray } from '../requests/response-array';
import type { AnyHandle } from './selector';

/** Executes a task on each of these slaves; the responses are in their order. @throws TypeError, as a rejection */
export async function requestAll<Value>(
  slaves: readonly AnyHandle[],
  task: string,
  data: unknown,
  metadata: Metadata | undefined,
): Promise<ResponseArray<Value>> {
  checkSingleUse(data, metadata, slaves.length);
  const part = slaves.length > 1 ? { shared: new SharedData() } : undefined;
  return responseArray(await Promise.all(slaves.map((slave) => slave.request(task, data, metadata, part))));
}
