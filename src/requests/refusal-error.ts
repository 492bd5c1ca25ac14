import { type DistIOError, PayloadTooLargeError, SerializationError, SlavePausedError, UnknownTaskError } from '../errors';
import type { Refusal } from '../protocol/messages';

/** Maps a refusal of the slave to its error class. Errors of tasks come in another message, so that the two are never confused. */
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
