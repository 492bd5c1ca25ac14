import { EventEmitter } from 'node:events';
import { throwLater } from '../requests/throw-later';

/**
 * Typed events for users. Emitting without listeners does nothing, not even for `error`. An exception of a listener is thrown in a tick of
 * its own, so that it cannot keep others from their answers.
 */
export class Emitter<Events extends Record<keyof Events, unknown[]>> extends EventEmitter<Events & Record<never, never>> {
  /** @internal */
  protected emitSafely<Name extends keyof Events & string>(name: Name, ...args: Events[Name]): void {
    if (this.listenerCount(name as never) === 0) return;
    try {
      (this as EventEmitter).emit(name, ...args);
    } catch (error) {
      throwLater(error);
    }
  }
}
