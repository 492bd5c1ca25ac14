export { DistIOError } from './dist-io-error';
export {
  AbortError,
  AmbiguousMethodError,
  NoSlaveError,
  QueueFullError,
  type QueueLimit,
  SlavePausedError,
  TimeoutError,
  UnknownTaskError,
} from './request-errors';
export {
  type DeathReason,
  DuplicateAliasError,
  DuplicateTaskError,
  NoTasksError,
  SlaveDiedError,
  SlaveExitedError,
  SpawnError,
  UnknownSlaveError,
} from './slave-errors';
export { PayloadTooLargeError, SerializationError } from './message-errors';
export { HostRefusedError, type HostRefusal, LinkLostError } from './link-errors';
export { DurableQueueError, JobFailedError, UnknownJobError } from './durable-errors';
export { PoisonTaskError, RestartIntensityError } from './supervision-errors';
