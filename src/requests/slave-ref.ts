import type { TaskDefaults } from '../protocol/messages';
import type { Metadata } from './metadata';
import type { Response } from './response';
import type { SlaveRequests } from './slave-requests';

/** A slave as its requests see it. `SlaveHandle` implements it, so that requests need not import handles. */
export interface SlaveRef {
  readonly id: number;
  /** In ms: the timeout of requests whose metadata have none. */
  readonly timeout: number;
  /** Whether errors show the lines of the caller. */
  readonly callerStack: boolean;
  /** The defaults that the slave has announced for a task, once it has. */
  defaultsOf(task: string): TaskDefaults | undefined;
  /** Those of the process that new ones go to. */
  readonly requests: SlaveRequests;
  /** Whether it takes new requests. */
  readonly acceptsRequests: boolean;
  /** Called with the response of each settled request. */
  onSettled(response: Response): void;
  /** Starts the second half of `response.pipe(task).to(…)`. */
  pipe(response: Response, task: string, metadata: Metadata | undefined): unknown;
}
