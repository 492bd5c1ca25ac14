import { expect } from 'chai';
import type { SpawnError } from 'dist-io';
import type { Dialect } from './support/compilers';
import { Workshop } from './support/workshop';

describe('mistakes with decorators', () => {
  const workshop = new Workshop();
  after(() => workshop.close());

  /** What the slave's file throws. */
  async function mistake(text: string, dialect: Dialect = 'legacy'): Promise<Error> {
    const slave = workshop.slave(text, { runtime: 'inline', dialect });
    const error = await slave.ready().then(
      () => undefined,
      (reason: unknown) => reason as SpawnError,
    );
    expect(error).to.have.property('name', 'SpawnError');
    return error!.cause as Error;
  }

  describe('bootstrap', () => {
    it('one task name in two classes - the error names both', async () => {
      const error = await mistake(`
        class Greeter { @Task('say hello') greet() {} }
        class Waiter { @Task('say hello') welcome() {} }
        bootstrap([Greeter, Waiter]);`);
      expect(error).to.include({ name: 'DuplicateTaskError', code: 'DUPLICATE_TASK', task: 'say hello' });
      expect(error.message).to.equal(`The task 'say hello' is claimed twice: by Greeter.greet and by Waiter.welcome. Rename one of them.`);
    });

    it('one task name in one class - the error names both methods', async () => {
      const error = await mistake(`export class Greeter { @Task('hello') first() {} @Task('hello') second() {} }`);
      expect(error.message).to.contain('by Greeter.first and by Greeter.second');
    });

    it('one task name in a class and a function - the error names both', async () => {
      const error = await mistake(`
        class Greeter { @Task('say hello') greet() {} }
        Slave.task('say hello', () => 'Hello');
        bootstrap(Greeter);`);
      expect(error.message).to.contain('by slave.task(…) and by Greeter.greet');
    });

    it('class without tasks - the error names it and what is missing', async () => {
      const error = await mistake(`class Greeter { greet() {} }; bootstrap(Greeter);`);
      expect(error).to.include({ name: 'NoTasksError', code: 'NO_TASKS', className: 'Greeter' });
      expect(error.message).to.equal(`The class Greeter has no task. Mark at least one of its methods with @Task('name') or @Task().`);
    });

    it('constructor with arguments - the error asks for an instance or a container', async () => {
      const error = await mistake(`class Greeter { constructor(readonly name: string) {} @Task() greet() {} }; bootstrap(Greeter);`);
      expect(error.message).to.equal(
        'The constructor of Greeter takes 1 argument. Pass an instance to bootstrap, or a container that creates it: bootstrap(Greeter, { container }).',
      );
    });

    for (const what of ['undefined', 'null', `'Greeter'`]) {
      it(`bootstrap(${what}) - throws`, async () => {
        const error = await mistake(`bootstrap(${what} as never);`);
        expect(error.message).to.match(/^bootstrap takes classes and instances of classes, not /);
      });
    }

    it('in a process - the slave fails to start with that error', async () => {
      const slave = workshop.slave(`class Greeter { greet() {} }; bootstrap(Greeter);`);
      const { error } = await slave.exec('greet');
      expect(error).to.have.property('name', 'SpawnError');
      expect(error!.message).to.contain('The class Greeter has no task.');
    });
  });

  for (const dialect of ['legacy', 'standard'] satisfies Dialect[]) {
    // The standard dialect does not tell a decorator which class it is in.
    const place = (member: string) => (dialect === 'legacy' ? `Greeter.${member}` : member);

    describe(`@Task, ${dialect}`, () => {
      for (const [what, member, why] of [
        ['static method', 'static greet() {}', 'static'],
        ['getter', 'get greet() { return 1; }', 'not a method'],
        ['setter', 'set greet(value: number) {}', 'not a method'],
        ['field', 'greet = () => 1;', 'not a method'],
      ]) {
        it(`@Task on a ${what} - throws`, async () => {
          const error = await mistake(`export class Greeter { @Task('hello') ${member} }`, dialect);
          expect(error).to.be.instanceOf(TypeError);
          expect(error.message).to.equal(
            `@Task marks methods of instances, and ${place('greet')} is ${why}. Make it a method that is neither static nor private.`,
          );
        });
      }

      it('@Task on a class - throws', async () => {
        const error = await mistake(`@Task('hello') class Greeter { greet() {} }`, dialect);
        expect(error.message).to.match(/^@Task marks methods of instances, and Greeter is a class\./);
      });

      for (const [what, member] of [
        ['method', 'greet() {}'],
        ['getter', 'get greet() { return 1; }'],
      ]) {
        it(`@Task without parentheses on a ${what} - throws`, async () => {
          const error = await mistake(`export class Greeter { @Task ${member} }`, dialect);
          expect(error.message).to.equal(`@Task on ${place('greet')} needs parentheses: write @Task('name') or @Task().`);
        });
      }

      it('@Task without parentheses on a class - throws', async () => {
        const error = await mistake('@Task class Greeter {}', dialect);
        expect(error.message).to.equal(`@Task on Greeter needs parentheses: write @Task('name') or @Task().`);
      });

      it('@Task() on a symbol method - throws without a name', async () => {
        const error = await mistake(`export class Greeter { @Task() [Symbol.for('greet')]() {} }`, dialect);
        expect(error.message).to.equal(
          `The method ${place('Symbol(greet)')} has a symbol as its name, which cannot be the name of a task: write @Task('name').`,
        );
      });

      for (const [name, words] of [
        [`''`, `A task's name must be a non-empty string: write @Task() for the name of the method.`],
        ['5', `The name of a task must be a string, not 5: write @Task('name') or @Task().`],
      ]) {
        it(`@Task(${name}) - throws`, async () => {
          expect((await mistake(`export class Greeter { @Task(${name} as any) greet() {} }`, dialect)).message).to.equal(words);
        });
      }
    });
  }

  for (const dialect of ['legacy', 'standard'] satisfies Dialect[]) {
    for (const [task, words] of [
      [`'hello', 5`, 'The options must be an object, not 5.'],
      [
        `{ cahce: {} }`,
        `There is no option 'cahce'. Did you mean 'cache'? The options are: cache, timeout, retries, idempotent, cancel, grace.`,
      ],
      [`'hello', { cache: { max: 5 } }`, `There is no option 'max'. The options are: size, ttl, key.`],
      [`{ cache: { ttl: 'soon' } }`, `cache.ttl must be a duration in ms or a string such as '5s' (ms, s, m, h, d), not 'soon'.`],
    ]) {
      it(`@Task(${task}), ${dialect} - throws`, async () => {
        const error = await mistake(`export class Greeter { @Task(...([${task}] as any)) greet() {} }`, dialect);
        expect(error).to.be.instanceOf(TypeError);
        expect(error.message).to.equal(words);
      });
    }

    it(`@Task with a cache, ${dialect} - throws on a generator`, async () => {
      const error = await mistake(`export class Greeter { @Task({ cache: {} }) *greet() { yield 1; } }`, dialect);
      expect(error.message).to.match(/^The task 'greet' streams, and a stream cannot be cached/);
    });
  }

  it('@Task, standard - throws on a private method', async () => {
    const error = await mistake(`export class Greeter { @Task('hello') #greet() {} }`, 'standard');
    expect(error.message).to.match(/^@Task marks methods of instances, and #greet is private\./);
  });
});
