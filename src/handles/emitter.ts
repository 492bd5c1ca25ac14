import { EventEmitter } from 'node:events';
import { nextTick } from '../platform';

/**
 * Typed events for what users listen to. An event that nobody listens to is nothing, `error` included; and a listener that
 * throws does so in a tick of its own, so that it cannot keep others from their answers.
 */
export class Emitter<Events extends Record<keyof Events, unknown[]>> extends EventEmitter<Events & Record<never, never>> {
  /** @internal */
  protected emitSafely<Name extends keyof Events & string>(name: Name, ...args: Events[Name]): void {
    if (this.listenerCount(name as never) === 0) return;
    try {
      (this as EventEmitter).emit(name, ...args);
    } catch (error) {
      nextTick(() => {
        throw error;
      });
    }
  }
}
