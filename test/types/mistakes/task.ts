/** What `@Task` must refuse, in both dialects. */
import { type Done, Task, type TaskContext } from 'dist-io';

export class Mistakes {
  // @ts-expect-error a getter
  @Task('getter') get getter(): number {
    return 1;
  }

  // @ts-expect-error a setter
  @Task('setter') set setter(_value: number) {}

  // @ts-expect-error a field
  @Task('field') field = 1;

  // @ts-expect-error a field that holds a function
  @Task('function field') functionField = (name: string) => name;

  // @ts-expect-error a static method
  @Task('static') static staticMethod(): void {}

  // @ts-expect-error a second parameter that is no callback
  @Task('second') second(_name: string, _age: number): void {}

  // @ts-expect-error a third parameter that is no context
  @Task('third') third(_name: string, _done: Done<string>, _age: number): void {}

  // @ts-expect-error a fourth parameter
  @Task('fourth') fourth(_name: string, _done: Done<string>, _context: unknown, _more: string): void {}

  // @ts-expect-error a value, which is ignored because of `done`
  @Task() ignored(_name: string, _done: Done<string>): string {
    return '';
  }

  // @ts-expect-error the same, with an optional `done`
  @Task('optional') optional(_name: string, _done?: Done<string>): string {
    return '';
  }

  // @ts-expect-error the same, with options and a context
  @Task({ cache: {} }) withContext(_name: string, _done: Done, _context: TaskContext): number {
    return 1;
  }

  // @ts-expect-error a value or a promise: the value is ignored
  @Task() sometimes(name: string, _done: Done): string | Promise<string> {
    return name === '' ? '' : Promise.resolve(name);
  }

  // @ts-expect-error an array is a value, although it can be iterated over
  @Task() array(_name: string, _done: Done): string[] {
    return [];
  }

  // @ts-expect-error missing parentheses
  @Task missing(): void {}

  // @ts-expect-error options that are none
  @Task({ cahce: {} }) unknownOption(): void {}

  // @ts-expect-error a cache that is none
  @Task({ cache: true }) noCache(): void {}

  // @ts-expect-error an unknown option of the cache
  @Task('unknown', { cache: { max: 5 } }) unknownOfCache(): void {}

  // @ts-expect-error a key that is no function
  @Task('key', { cache: { key: 'name' } }) noKey(): void {}

  // @ts-expect-error no object of options
  @Task('name', 5) noOptions(): void {}

  // @ts-expect-error options, and a field
  @Task({ cache: {} }) rememberedField = 1;

  // @ts-expect-error a name that is no text
  @Task(5) number(): void {}
}

// @ts-expect-error a class
@Task('class')
export class Decorated {}

// @ts-expect-error a class, and missing parentheses
@Task
export class Bare {}
