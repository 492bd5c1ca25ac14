import { AmbiguousMethodError } from '../errors';
import type { TaskInfo } from '../protocol/messages';
import { ClientCall } from '../requests/client-call';
import { checkSingleUse, validateCall, type Metadata } from '../requests/metadata';
import type { SlaveHandle } from './slave-handle';

/**
 * A client whose methods are a slave's. Which task a method is, the slave has told by the time it is ready; a name that is
 * no method of a class stands for the task of that name.
 *
 * @param pickSlave says for each call which slave is asked
 * @param className needed only when two classes of the slave have a method of one name
 */
export function createClient(pickSlave: (method: string) => SlaveHandle, className: string | undefined): object {
  const call = (method: string, data: unknown, metadata: Metadata | undefined): ClientCall =>
    new ClientCall(data, metadata?.highWaterMark, (sink) => {
      validateCall(method, metadata);
      checkSingleUse(data, metadata);
      const slave = pickSlave(method);
      const task = (): string => resolveTaskName(method, slave.tasks, className);
      if (slave.isReady) return slave.startRequest(task(), data, metadata, sink);
      return slave.startRequestWhenReady(method, task, data, metadata, sink);
    });
  return new Proxy(
    {},
    {
      get: (_target, method) =>
        // A client that were thenable could not be awaited, returned from an async function or injected.
        typeof method === 'symbol' || method === 'then' ? undefined : (data?: unknown, metadata?: Metadata) => call(method, data, metadata),
    },
  );
}

function resolveTaskName(method: string, tasks: ReadonlyMap<string, TaskInfo>, className: string | undefined): string {
  const found = [...tasks.values()].filter(
    (task) => task.methodName === method && (className === undefined || task.className === className),
  );
  const classes = [...new Set(found.map((task) => task.className ?? ''))];
  if (classes.length > 1) throw new AmbiguousMethodError(method, classes);
  return found.length === 0 ? method : found[0].name;
}
