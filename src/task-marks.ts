/** Where `@Task` leaves which methods of a class are tasks: on the class's metadata object (TC39), or by reflect-metadata (legacy). */
export const TASK_MARKS = Symbol.for('dist-io.tasks');

/** A class, whatever its constructor takes. */
export type Class<Instance = object> = abstract new (...args: never[]) => Instance;

/** Reflect-metadata's part of `Reflect`, which only programs with legacy decorators load. */
const reflect = Reflect as { getOwnMetadata?: (key: symbol, target: object) => unknown };

/** The marks of the methods of a class, inherited ones included; a method that is marked again has its new marks only. */
export function taskMarksOf<Marks>(Class: Class): Map<string | symbol, Marks> {
  const all = new Map<string | symbol, Marks>();
  for (const one of lineage(Class)) {
    const metadata = Object.getOwnPropertyDescriptor(one, (Symbol as unknown as { metadata: symbol }).metadata)?.value as
      object | undefined;
    const standard =
      metadata !== undefined && Object.hasOwn(metadata, TASK_MARKS) ? (metadata as { [TASK_MARKS]: unknown })[TASK_MARKS] : undefined;
    const legacy = reflect.getOwnMetadata?.(TASK_MARKS, one.prototype as object);
    for (const marks of [standard, legacy] as (Map<string | symbol, Marks> | undefined)[])
      marks?.forEach((mark, method) => all.set(method, mark));
  }
  return all;
}

/** The class and its ancestors, the oldest first. */
export function lineage(Class: Class): Class[] {
  const classes: Class[] = [];
  for (let one: unknown = Class; typeof one === 'function' && one !== Function.prototype; one = Object.getPrototypeOf(one))
    classes.unshift(one as Class);
  return classes;
}
