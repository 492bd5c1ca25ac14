/** Tasks with options, in both ways of writing. */
import { type Client, type Done, Slave, Task, type TaskOptions } from 'dist-io';
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
}

expectTypeOf<Client<Renderer>['render']>().returns.resolves.toEqualTypeOf<string>();
expectTypeOf<Client<Renderer>['measureIt']>().returns.resolves.toEqualTypeOf<number>();
