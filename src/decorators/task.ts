import type { Done, Streamable, TaskContext } from '../slave/handler';
import type { TaskOptions } from '../slave/task-options';
import { bootstrapAfterLoad } from './auto-bootstrap';
import { addToClassMetadata, addToPrototype } from './task-metadata';

/** The shape of a method that can be a task: `(data?, done?, context?) => result`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each method has its own types, and no other type accepts them all
export type TaskMethod = (data: any, done: Done<any>, context: TaskContext) => unknown;

/**
 * Rejects a method that declares `done` and returns a value, which would be ignored. It may return void, a promise or a stream.
 *
 * @typeParam T the method
 */
export type CompletesByDone<T extends TaskMethod> =
  Parameters<T> extends [data?: unknown]
    ? unknown
    : // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a method may return nothing on one path and a promise on another
      ReturnType<T> extends void | PromiseLike<unknown> | Streamable
      ? unknown
      : {
          /** The message of the compile error. */
          readonly 'A method that declares done completes by done: return nothing or a promise, or do not declare done': never;
        };

/** The result of `Task()`: a decorator of both dialects, TypeScript's legacy one and TC39's. */
export interface TaskDecorator {
  // The target of a static method is the class, which has a prototype.
  <T extends TaskMethod>(
    target: object & { readonly prototype?: never },
    method: string | symbol,
    descriptor: TypedPropertyDescriptor<T> & CompletesByDone<T>,
  ): void;
  <This, T extends TaskMethod>(
    method: T & CompletesByDone<T>,
    context: ClassMethodDecoratorContext<This, T> & { static: false; private: false },
  ): void;
}

/**
 * Marks a method as a task. {@link bootstrap} registers it; if the slave's file exports the class, this happens after the file has loaded.
 *
 * The method gets `(data, done, context)` and completes as a handler of `slave.task` does. A method that declares `done` must return
 * nothing, a promise or a stream; otherwise it does not compile.
 *
 * @param name the name of the task. Default: the name of the method
 * @throws TypeError, when the class is defined, if the target is not a method of its instances
 * @example
 * ```ts
 * export class Greeter {
 *   @Task('say hello') sayHello(name: string) { return `Hello ${name}`; }
 * }
 * ```
 */
export function Task(name?: string): TaskDecorator;
/**
 * Marks a method as a task with options. With `cache`, its results are cached in the slave, for all instances.
 *
 * @param options how the task is executed; its name is the name of the method
 * @throws TypeError, when the class is defined, for wrong options too
 * @example
 * ```ts
 * export class Renderer {
 *   @Task({ cache: { size: '64mb', ttl: '5m' } }) render(page: Page) { return page.title; }
 * }
 * ```
 */
export function Task<Data>(options: TaskOptions<Data>): TaskDecorator;
/**
 * Marks a method as a task with a name and options.
 *
 * @param name the name of the task
 * @param options how the task is executed
 * @throws TypeError, when the class is defined, for wrong options too
 */
export function Task<Data>(name: string, options: TaskOptions<Data>): TaskDecorator;
export function Task(first?: unknown, second?: unknown): TaskDecorator {
  // An object with a second argument is a decorated target: the parentheses are missing.
  const [name, options] = isObject(first) && second === undefined ? [undefined, first] : [first, second];
  if (name !== undefined && typeof name !== 'string') throw missingParentheses(name, second);
  if (name === '') throw new TypeError(`A task's name must be a non-empty string: write @Task() for the name of the method.`);
  if (options !== undefined) checkOptions(options);
  const task = { name, options: options as TaskOptions | undefined };
  return (target: object, second: string | symbol | undefined | DecoratorContext, descriptor?: PropertyDescriptor): void => {
    bootstrapAfterLoad();
    if (typeof second === 'object') decorateStandard(task, second);
    else decorateLegacy(task, target, second, descriptor);
  };
}

/** The arguments of `@Task`. */
interface TaskMark {
  name: string | undefined;
  options: TaskOptions | undefined;
}

/**
 * Loads the rules on first use: most tasks have no options.
 *
 * @throws TypeError for an unknown option or a wrong value
 */
function checkOptions(options: unknown): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  (require('../slave/task-options') as typeof import('../slave/task-options')).readTaskOptions(options);
}

function decorateLegacy(
  { name, options }: TaskMark,
  target: object,
  method: string | symbol | undefined,
  descriptor: PropertyDescriptor | undefined,
): void {
  const where = describeTarget(target, method);
  if (method === undefined) throw misplaced(where, 'a class');
  if (typeof target === 'function') throw misplaced(where, 'static');
  if (typeof descriptor?.value !== 'function') throw misplaced(where, 'not a method');
  addToPrototype(target, method, nameOf(name, method, where), options);
}

/** TC39's dialect: the decorator does not get the class, so errors name only the member. */
function decorateStandard({ name, options }: TaskMark, context: DecoratorContext): void {
  const { kind, name: method, metadata } = context;
  const where = String(method);
  if (kind === 'class') throw misplaced(where, 'a class');
  if (context.static) throw misplaced(where, 'static');
  if (context.private) throw misplaced(where, 'private');
  if (kind !== 'method') throw misplaced(where, 'not a method');
  const task = nameOf(name, method, where);
  // Older compilers provide no metadata. Then the constructor adds the marks.
  if (typeof metadata === 'object') addToClassMetadata(metadata, method, task, options);
  else
    context.addInitializer(function () {
      addToPrototype(Object.getPrototypeOf(this) as object, method, task, options);
    });
}

function nameOf(name: string | undefined, method: string | symbol, where: string): string {
  if (name !== undefined) return name;
  if (typeof method === 'string') return method;
  throw new TypeError(`The method ${where} has a symbol as its name, which cannot be the name of a task: write @Task('name').`);
}

/** `@Task` without parentheses gets the decorated target instead of a name. */
function missingParentheses(name: unknown, context: unknown): TypeError {
  const isTarget = typeof name === 'function' || isObject(name);
  if (!isTarget) return new TypeError(`The name of a task must be a string, not ${String(name)}: write @Task('name') or @Task().`);
  const where =
    typeof context === 'object' && context !== null ? (context as DecoratorContext).name : describeTarget(name, context as string);
  return new TypeError(`@Task on ${String(where)} needs parentheses: write @Task('name') or @Task().`);
}

function misplaced(where: string, what: string): TypeError {
  return new TypeError(`@Task marks methods of instances, and ${where} is ${what}. Make it a method that is neither static nor private.`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The member as the user wrote it, such as `Greeter.greet`. */
function describeTarget(target: object, member: string | symbol | undefined): string {
  const owner = typeof target === 'function' ? target.name : target.constructor.name;
  return member === undefined ? owner : `${owner}.${String(member)}`;
}
