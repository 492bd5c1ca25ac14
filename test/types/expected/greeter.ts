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

  helper(name: string, times: number): string {
    return name.repeat(times);
  }

  protected guarded(): void {}

  private secret(name: string): string {
    return name;
  }
}
