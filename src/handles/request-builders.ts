import type { Metadata } from '../requests/metadata';
import type { Response, ResponseArray } from './slave-response';
import type { Selector } from './selector';
import type { SlaveHandle } from './slave-handle';

/** The second half of `broadcast(task, data).to(…)` and `response.pipe(task).to(…)`: names the slaves. */
export interface BroadcastBuilder<Value = unknown> {
  /**
   * Executes the task on every slave that the selectors name, once each.
   *
   * @returns the responses in the order in which the slaves were named
   * @throws UnknownSlaveError, as a rejection, when a selector names no living slave: then nothing is executed
   */
  to(...selectors: Selector[]): Promise<ResponseArray<Value>>;
}

/** The second half of `tell(slave).to(task, data)`: names the task. For one handle there is one response, else an array. */
export interface TellBuilder<One extends boolean> {
  /**
   * Executes the task on every slave that was named, once each.
   *
   * @throws TypeError at once, for arguments of a wrong type
   * @throws UnknownSlaveError, as a rejection, when a selector names no living slave: then nothing is executed
   */
  to(task: string, data?: unknown, metadata?: Metadata): Promise<One extends true ? Response : ResponseArray>;
}

/** Whether a selector is one handle. */
export type IsHandle<S> = S extends SlaveHandle<never> ? true : false;
