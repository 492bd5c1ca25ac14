import { expect } from 'chai';
import { type SlaveHandle, type UnknownTaskError } from 'dist-io';
import { type Compiler, COMPILERS, type Dialect } from './support/compilers';
import { Workshop } from './support/workshop';

/** One source for both dialects; only the other decorator must know the difference. */
const SOURCE = `
  function loud(target: any, key: any, descriptor?: any): any {
    const wrap = (method: any) => function (this: any, ...args: any[]) { return method.apply(this, args) + '!'; };
    if (descriptor === undefined) return wrap(target);
    return { ...descriptor, value: wrap(descriptor.value) };
  }

  abstract class Base {
    @Task() inherited() { return this.constructor.name; }
    @Task('old name') overridden() { return 'Base'; }
    @Task('first name') renamed() { return 'Base'; }
  }

  export class Greeter extends Base {
    private readonly greeting = 'Hello';
    private runs = 0;

    @Task('say hello') sayHello(name: string) { return this.greeting + ' ' + name; }
    @Task() later(name: string, done: Done<string>) { setImmediate(() => done(this.greeting + ' ' + name)); }
    @Task() async known(_: unknown, done: Done<number>, context: TaskContext) { done(context.metadata.answer as number); }
    @Task('one') @Task('two') twice() { return 'twice'; }
    @Task() @loud above() { return 'above'; }
    @loud @Task() below() { return 'below'; }
    @Task() then() { return 'then'; }
    @Task({ cache: {} }) remembered() { return ++this.runs; }
    @Task('by key', { cache: { key: (name: string) => name[0] } }) byKey(name: string, done: Done<string>) { done(this.greeting + name); }
    @Task() @Task('run', { cache: {} }) both() { return ++this.runs; }

    override overridden() { return 'Greeter'; }
    @Task('second name') override renamed() { return 'Greeter'; }
    untouched() {}
  }`;

for (const dialect of ['legacy', 'standard'] satisfies Dialect[]) {
  for (const compiler of Object.keys(COMPILERS) as Compiler[]) {
    describe(`${dialect} decorators, ${compiler}`, () => {
      const workshop = new Workshop();
      let slave: SlaveHandle;

      before(() => (slave = workshop.slave(SOURCE, { compiler, dialect })));
      after(() => workshop.close());

      async function value(task: string, data?: unknown): Promise<unknown> {
        return (await slave.exec(task, data, { answer: 42 })).unwrap();
      }

      it("tasks - are the marked methods; an override's name replaces the inherited one", async () => {
        const { error } = await slave.exec('untouched');
        expect((error as UnknownTaskError).offered).to.have.members([
          'inherited',
          'old name',
          'second name',
          'say hello',
          'later',
          'known',
          'one',
          'two',
          'above',
          'below',
          'then',
          'remembered',
          'by key',
          'both',
          'run',
        ]);
      });

      it('methods - complete as functions do, with their instance as this', async () => {
        expect(await value('say hello', 'Ann')).to.equal('Hello Ann');
        expect(await value('later', 'Bob')).to.equal('Hello Bob');
        expect(await value('known')).to.equal(42);
        expect(await value('then')).to.equal('then');
      });

      it('inheritance - inherited methods are tasks, overriding ones run', async () => {
        expect(await value('inherited')).to.equal('Greeter');
        expect(await value('old name')).to.equal('Greeter');
        expect(await value('second name')).to.equal('Greeter');
      });

      it("cache - a task's results are remembered", async () => {
        expect([await value('remembered'), await value('remembered')]).to.deep.equal([1, 1]);
        expect([await value('by key', 'Ann'), await value('by key', 'Amy')]).to.deep.equal(['HelloAnn', 'HelloAnn']);
        expect([await value('run'), await value('both'), await value('run'), await value('both')]).to.deep.equal([2, 3, 2, 4]);
        expect(await workshop.purge(slave)).to.include({ results: 3 });
        expect(await value('remembered')).to.equal(5);
      });

      it('decorators - a method may have two names and other decorators', async () => {
        expect(await value('one')).to.equal('twice');
        expect(await value('two')).to.equal('twice');
        expect(await value('above')).to.equal('above!');
        expect(await value('below')).to.equal('below!');
      });
    });
  }
}
