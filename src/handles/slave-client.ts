import { AmbiguousMethodError } from '../errors';
import { show } from '../format';
import type { TaskInfo } from '../protocol/messages';
import { type Class, lineage, taskMarksOf } from '../task-marks';
import { createClient } from './client';
import { ClientCall } from '../requests/client-call';
import { type Metadata, validateCall } from '../requests/metadata';
import type { PendingRequest } from '../requests/pending-request';
import type { PartOfWork, ResultSink, StreamingRequest } from '../requests/request-call';
import { checkSingleUse } from '../requests/single-use';
import type { AnyHandle } from './selector';

/** The class whose methods a client has, its name, or undefined for the only class of the slave. */
export type ClientOf = Class | string | undefined;

/** @throws TypeError */
export function checkClientOf(of: unknown): asserts of is ClientOf {
  if (of !== undefined && typeof of !== 'function' && (typeof of !== 'string' || of === ''))
    throw new TypeError(`A client is made for a class or the name of a class, not ${show(of)}.`);
}

/** A call of a client's method. */
export interface MethodCall {
  readonly method: string;
  /** The task that the method stands for, once the slave is ready. @throws AmbiguousMethodError */
  readonly task: (slave: AnyHandle) => string;
  readonly data: unknown;
  readonly metadata: Metadata | undefined;
  readonly sink: ResultSink;
}

/** Starts the request of a call on this slave. While the slave is loading, its tasks are not known: the request waits for them. */
export function requestCall(slave: AnyHandle, { method, task, data, metadata, sink }: MethodCall, part?: PartOfWork): PendingRequest {
  const call = { data, metadata, ...sink, ...part };
  if (slave.isReady) return slave.startRequest({ ...call, task: task(slave) });
  return slave.startRequest({ ...call, task: method, taskOf: () => task(slave) });
}

/**
 * A client whose methods are a slave's. Once ready, the slave has announced which task each method stands for; a name that is no
 * method of a class stands for the task of that name.
 *
 * @param slaves the slaves that a call may go to
 * @param request starts the request of a call on one of them
 */
export function createSlaveClient(
  slaves: () => readonly AnyHandle[],
  request: (call: MethodCall) => StreamingRequest,
  of: ClientOf,
): object {
  const methods = typeof of === 'function' ? methodsOf(of) : undefined;
  const announced = new AnnouncedMethods(slaves, typeof of === 'string' ? of : undefined);
  return createClient({
    methods: () => methods ?? announced.names,
    call: (method, data, metadata) =>
      new ClientCall(data, metadata?.highWaterMark, (sink) => {
        validateCall(method, metadata);
        checkSingleUse(data, metadata);
        return request({ method, task: (slave) => taskOf(method, slave.tasks, of), data, metadata, sink });
      }),
  });
}

/** The methods marked with `@Task`. Of a class without marks, which may only describe that of the slave, all methods. */
function methodsOf(Class: Class): ReadonlySet<string> {
  const marked = [...taskMarksOf(Class).keys()].filter((name) => typeof name === 'string');
  if (marked.length > 0) return new Set(marked);
  const all = lineage(Class).flatMap((one) => Object.entries(Object.getOwnPropertyDescriptors(one.prototype as object)));
  return new Set(all.filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function').map(([name]) => name));
}

/** The methods that slaves have announced. */
class AnnouncedMethods {
  private known: ReadonlySet<string> | undefined;
  private taskCount = 0;

  constructor(
    private readonly slaves: () => readonly AnyHandle[],
    private readonly className: string | undefined,
  ) {}

  /** Undefined until a slave has loaded. */
  get names(): ReadonlySet<string> | undefined {
    const ready = this.slaves().filter((slave) => slave.isReady);
    const taskCount = ready.reduce((sum, slave) => sum + slave.tasks.size, 0);
    if (ready.length > 0 && (this.known === undefined || taskCount !== this.taskCount)) {
      this.known = new Set(ready.flatMap((slave) => [...slave.tasks.values()].flatMap((offer) => this.nameOf(offer))));
      this.taskCount = taskCount;
    }
    return this.known;
  }

  private nameOf({ name, methodName, className }: TaskInfo): string[] {
    const isOther = this.className !== undefined && className !== undefined && className !== this.className;
    return isOther ? [] : [methodName ?? name];
  }
}

/** Chooses between methods of the same name by class. A class may be named differently in the slave, a name must match. */
function taskOf(method: string, offers: ReadonlyMap<string, TaskInfo>, of: ClientOf): string {
  const found = [...offers.values()].filter((offer) => offer.methodName === method);
  const className = typeof of === 'function' ? of.name : of;
  const ofClass = className === undefined ? found : found.filter((offer) => offer.className === className);
  const candidates = ofClass.length === 0 && typeof of === 'function' ? found : ofClass;
  const classes = [...new Set(candidates.map((offer) => offer.className ?? ''))];
  if (classes.length > 1) throw new AmbiguousMethodError(method, classes);
  return candidates.length === 0 ? method : candidates[0].name;
}
