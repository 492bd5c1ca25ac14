import type { Done, TaskContext } from '../slave/handler';
import { bootstrapAfterLoad } from './auto-bootstrap';
import { addToClassMetadata, addToPrototype } from './task-metadata';

/** The shape of a method that can be a task: `(data?, done?, context?) => result`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each method has types of its own, and no other type admits them all
export type TaskMethod = (data: any, done: Done<any>, context: TaskContext) => unknown;

/** What `Task()` returns: a decorator of both dialects, TypeScript's own and TC39's. */
export interface TaskDecorator {
  <T extends TaskMethod>(prototype: object, method: string | symbol, descriptor: TypedPropertyDescriptor<T>): void;
  <This, T extends TaskMethod>(method: T, context: ClassMethodDecoratorContext<This, T> & { static: false; private: false }): void;
}

/**
 * Marks a method as a task. {@link bootstrap} registers it, or, when the slave's file exports the class, its loading does.
 *
 * The method gets `(data, done, context)` and completes as a functional handler does.
 *
 * @param name the name of the task; without one, that of the method
 * @throws TypeError, when the class is defined, for what is no method of its instances
 * @example
 * ```ts
 * export class Greeter {
 *   @Task('say hello') sayHello(name: string) { return `Hello ${name}`; }
 * }
 * ```
 */
export function Task(name?: string): TaskDecorator {
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw new TypeError(`@Task takes the name of the task, or nothing: write @Task() or @Task('name'), with the parentheses.`);
  }
  return (target: object, second: string | symbol | ClassMethodDecoratorContext, descriptor?: PropertyDescriptor): void => {
    bootstrapAfterLoad();
    if (typeof second === 'object') decorateStandard(name, second);
    else decorateLegacy(name, target, second, descriptor);
  };
}

function decorateLegacy(
  name: string | undefined,
  target: object,
  method: string | symbol,
  descriptor: PropertyDescriptor | undefined,
): void {
  const owner = typeof target === 'function' ? target.name : target.constructor.name;
  const isMethod = typeof target !== 'function' && typeof descriptor?.value === 'function';
  if (!isMethod) throw misplaced(owner, method);
  addToPrototype(target, method, nameOf(name, method, owner));
}

function decorateStandard(name: string | undefined, context: ClassMethodDecoratorContext): void {
  const { kind, name: method, metadata } = context;
  if ((kind as unknown) !== 'method' || context.static || context.private) throw misplaced('its class', method);
  const task = nameOf(name, method, 'its class');
  // Compilers from before decorator metadata give none; then the first instance tells.
  if (typeof metadata === 'object') addToClassMetadata(metadata, method, task);
  else
    context.addInitializer(function () {
      addToPrototype(Object.getPrototypeOf(this) as object, method, task);
    });
}

function nameOf(name: string | undefined, method: string | symbol, owner: string): string {
  if (name !== undefined) return name;
  if (typeof method === 'string') return method;
  throw new TypeError(`The method ${String(method)} of ${owner} has no name that a task could take: write @Task('name').`);
}

function misplaced(owner: string, member: string | symbol): TypeError {
  return new TypeError(
    `@Task marks methods of instances, and ${String(member)} of ${owner} is none. Make it a method that is neither static nor private.`,
  );
}
