import type { SendOptions } from '../protocol/batch-writer';
import type { Claims } from '../protocol/claims';
import type { TaskDefaults, ToSlave } from '../protocol/messages';
import type { PendingRequest } from './pending-request';

/** What the requests need of their slave. */
export interface RequestQueueHost {
  /** How messages call it. */
  name(): string;
  /** How many requests it gets at one time: 0 while it has not started, and while it is being replaced. */
  concurrency(): number;
  /** How many may be pending. */
  readonly maxPending: number;
  /** What may be sent and not answered, in bytes. */
  readonly maxPendingBytes: number;
  /** Undefined when nothing can be handed ahead. */
  claims(): Claims | undefined;
  /** Whether a slave that ends is started again. */
  readonly isRestarted: boolean;
  /** Whether its file is still loading. */
  isLoading(): boolean;
  /** The names of its tasks. */
  taskNames(): readonly string[];
  /** The defaults that it has announced for a task. */
  defaultsOf(task: string): TaskDefaults | undefined;
  /** Why it takes no new request, or undefined when it does. */
  whyClosed(): Error | undefined;
  /** @returns the approximate size of the message in bytes @throws SerializationError, PayloadTooLargeError */
  send(message: ToSlave, options?: SendOptions): number;
  /** It has become busy, or idle again. */
  onBusyChange(): void;
  /** The slave has completed a task. */
  onCompleted(): void;
  onSent(request: PendingRequest): void;
  onProgress(request: PendingRequest, value: unknown): void;
  /** A task that was cancelled with `'kill'` has not stopped within its grace. */
  onGraceExpired(request: PendingRequest): void;
}
