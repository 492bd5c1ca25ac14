import { type DistIOError, PayloadTooLargeError, SerializationError, SlavePausedError, UnknownTaskError } from '../errors';
import type { Refusal } from '../protocol/messages';

/** The error for a slave's own no; what its task throws comes another way, so that the two are never confused. */
export function refusalError(refusal: Refusal, task: string, slave: string, offered: readonly string[]): DistIOError {
  switch (refusal.reason) {
    case 'unknown task':
      return new UnknownTaskError(task, slave, offered);
    case 'paused':
      return new SlavePausedError(task, slave);
    case 'not serializable':
      return new SerializationError(refusal.path, refusal.found);
    case 'too large':
      return new PayloadTooLargeError(refusal.size, refusal.limit);
  }
}
