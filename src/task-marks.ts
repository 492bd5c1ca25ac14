/** The key of the marks that `@Task` sets: on the class's metadata object (TC39), or by reflect-metadata (legacy). */
export const TASK_MARKS = Symbol.for('dist-io.tasks');

/** A class with any constructor. */
export type Class<Instance = object> = abstract new (...args: never[]) => Instance;

/** The part of `Reflect` that reflect-metadata adds; only programs with legacy decorators load it. */
const reflect = Reflect as { getOwnMetadata?: (key: symbol, target: object) => unknown };

/** Returns the marks of a class by method, including inherited ones. The marks of an overriding method replace inherited ones. */
export function taskMarksOf<Marks>(Class: Class): Map<string | symbol, Marks> {
  const marksByMethod = new Map<string | symbol, Marks>();
  for (const ancestor of lineage(Class)) {
    const metadata = Object.getOwnPropertyDescriptor(ancestor, (Symbol as unknown as { metadata: symbol }).metadata)?.value as
      object | undefined;
    const standard =
      metadata !== undefined && Object.hasOwn(metadata, TASK_MARKS) ? (metadata as { [TASK_MARKS]: unknown })[TASK_MARKS] : undefined;
    const legacy = reflect.getOwnMetadata?.(TASK_MARKS, ancestor.prototype as object);
    for (const marks of [standard, legacy] as (Map<string | symbol, Marks> | undefined)[])
      marks?.forEach((mark, method) => marksByMethod.set(method, mark));
  }
  return marksByMethod;
}

/** Returns the class and its ancestors, the oldest first. */
export function lineage(Class: Class): Class[] {
  const classes: Class[] = [];
  for (
    let current: unknown = Class;
    typeof current === 'function' && current !== Function.prototype;
    current = Object.getPrototypeOf(current)
  )
    classes.unshift(current as Class);
  return classes;
}
