/* eslint @typescript-eslint/no-unused-vars: ["error", { "args": "none" }], @typescript-eslint/require-await: "off" -- it is about declared parameters */
/** Tasks with options, in both ways of writing. */
import { createReadStream, readFile } from 'node:fs';
import type { Readable } from 'node:stream';
import { type Client, type Done, Slave, Task, type TaskContext, type TaskOptions } from 'dist-io';
import { expectTypeOf } from 'expect-type';

interface Page {
  template: string;
  title: string;
}

Slave.task('any', (data) => data)
  .task('typed', (page: Page) => page.title)
  .task('options', { cache: {} }, (data) => data)
  .task('typed options', { cache: { size: 1000, ttl: '5m', key: ({ template }) => template } }, (page: Page) => page.title)
  .task('callback', { cache: { key: (page: Page) => page.template } }, (page, done) => {
    expectTypeOf(page).toEqualTypeOf<Page>();
    done(page.title);
  });

expectTypeOf<NonNullable<TaskOptions<Page>['cache']>['key']>().toEqualTypeOf<((data: Page) => unknown) | undefined>();

export class Renderer {
  @Task({ cache: { size: '64mb', ttl: '5m', key: (page: Page) => page.template } }) render(page: Page): string {
    return page.title;
  }

  @Task('measure', { cache: {} }) measureIt(page: Page, done: Done<number>): void {
    done(page.title.length);
  }

  @Task({}) nothing(): void {}

  @Task() async byPromise(page: Page, _done: Done, _context: TaskContext): Promise<string> {
    return page.title;
  }

  @Task() later(ms: number, done: Done<string>): void | Promise<void> {
    setTimeout(() => done('late'), ms);
  }

  @Task() never(_: undefined, _done: Done): never {
    throw new Error('never');
  }

  @Task() unknown(_: undefined, _done: Done): Promise<unknown> | undefined {
    return undefined;
  }

  @Task() anything(_: undefined, _done: Done): ReturnType<typeof JSON.parse> {}

  @Task() *items(count: number, _done: Done, { slave }: TaskContext): Generator<number> {
    for (let i = 0; i < count; i++) yield slave.id ?? i;
  }

  @Task() readable(file: string, _done: Done, _context: TaskContext<number>): Readable {
    return createReadStream(file);
  }
}

// A functional handler may return anything, as the functions do that take a callback.
Slave.task('timer', (ms: number, done) => setTimeout(() => done('late'), ms))
  .task('callback of Node', (file: string, done: Done<Buffer>) => readFile(file, done))
  .task('context', () => Slave.context()?.metadata.caller);

expectTypeOf(Slave.context()).toEqualTypeOf<TaskContext | undefined>();

expectTypeOf<Client<Renderer>['render']>().returns.resolves.toEqualTypeOf<string>();
expectTypeOf<Client<Renderer>['measureIt']>().returns.resolves.toEqualTypeOf<number>();
