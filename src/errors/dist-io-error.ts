import { oneLine } from '../format';

const BRAND = Symbol.for('dist-io.error');

/**
 * The base class of all errors of dist-io. Any other error was thrown by a task.
 *
 * Each subclass has a `code` that never changes between releases, and the facts as properties.
 */
export abstract class DistIOError extends Error {
  /** The kind of error, for comparing and logging. */
  abstract readonly code: string;

  /** @internal */
  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(message), options);
    Object.defineProperty(this, 'name', { value: new.target.name, configurable: true, writable: true });
  }

  /** @internal Marks the errors of every copy of the package. */
  get [BRAND](): true {
    return true;
  }

  /**
   * @internal Errors of another copy of the package are instances too: a program and its libraries may each have installed one. Classes
   * are compared by `code`, since bundlers shorten names.
   */
  static override [Symbol.hasInstance](this: unknown, value: unknown): boolean {
    const Class = this as { code?: string };
    if (Function.prototype[Symbol.hasInstance].call(Class, value)) return true;
    if (!(value instanceof Error) || !(BRAND in value)) return false;
    return Class === DistIOError || (Object.hasOwn(Class, 'code') && Class.code === (value as DistIOError).code);
  }
}
