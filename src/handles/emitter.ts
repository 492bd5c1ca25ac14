import { EventEmitter } from 'node:events';
import { throwLater } from '../requests/throw-later';

/**
 * An event emitter with typed events. Emitting without listeners does nothing, not even for `error`. A listener's exception is thrown in a
 * later tick, so that it delays no response.
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
