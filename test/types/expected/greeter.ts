import { Readable } from 'node:stream';
import { type Done, Task, type TaskContext } from 'dist-io';

/** One method of each kind that can be a task. */
export class Greeter {
  readonly greeting: string = 'Hello';

  constructor(readonly language: string) {}

  @Task('say hello') sayHello(name: string): string {
    return `${this.greeting} ${name}`;
  }

  @Task() later(name: string, done: Done<string>): void {
    setImmediate(() => done(this.secret(name)));
  }

  @Task() async slow(ms: number, _done: Done<boolean>, { signal }: TaskContext): Promise<number> {
    return Promise.resolve(signal.aborted ? 0 : ms);
  }

  @Task() sooner(_data: unknown, done: Done<number>): undefined {
    done(new Error('too soon'));
  }

  @Task() optional(name?: string): string[] {
    return name === undefined ? [] : [name];
  }

  @Task() preset(name = 'nobody'): string {
    return name;
  }

  @Task() nothing(): void {
    this.guarded();
  }

  @Task() *count(to: number): Generator<number> {
    for (let i = 0; i < to; i++) yield i;
  }

  @Task() async *lines(file: string, _done: Done, { progress }: TaskContext<{ read: number }>): AsyncGenerator<string> {
    progress({ read: 0 });
    yield await Promise.resolve(file);
  }

  @Task() file(path: string): Readable {
    return Readable.from([path]);
  }

  @Task() async total(numbers: AsyncIterable<number>): Promise<number> {
    let sum = 0;
    for await (const number of numbers) sum += number;
    return sum;
  }

  @Task() async *doubled(numbers: AsyncIterable<number>): AsyncGenerator<number> {
    for await (const number of numbers) yield 2 * number;
  }

  helper(name: string, times: number): string {
    return name.repeat(times);
  }

  protected guarded(): void {}

  private secret(name: string): string {
    return name;
  }
}
