import { AmbiguousMethodError } from '../errors';
import type { TaskOffer } from '../protocol/messages';
import { Call } from './item-call';
import { checkInput, checkRequest, type Metadata } from './metadata';
import type { SlaveHandle } from './slave-handle';

/**
 * A client whose methods are a slave's. Which task a method is, the slave has told by the time it is ready; a name that is
 * no method of a class stands for the task of that name.
 *
 * @param choose says for each call which slave is asked
 * @param className needed only when two classes of the slave have a method of one name
 */
export function createClient(choose: (method: string) => SlaveHandle, className: string | undefined): object {
  const call = (method: string, data: unknown, metadata: Metadata | undefined): Call =>
    new Call(data, metadata?.highWaterMark, (outlet) => {
      checkRequest(method, metadata);
      checkInput(data, metadata);
      const slave = choose(method);
      const task = (): string => taskOf(method, slave.offers, className);
      if (slave.isReady) return slave.open(task(), data, metadata, outlet);
      return slave.openOnceReady(method, task, data, metadata, outlet);
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

function taskOf(method: string, offers: ReadonlyMap<string, TaskOffer>, className: string | undefined): string {
  const found = [...offers.values()].filter(
    (offer) => offer.methodName === method && (className === undefined || offer.className === className),
  );
  const classes = [...new Set(found.map((offer) => offer.className ?? ''))];
  if (classes.length > 1) throw new AmbiguousMethodError(method, classes);
  return found.length === 0 ? method : found[0].name;
}
