import { expect } from 'chai';
import { AmbiguousMethodError, QueueFullError, type SlaveHandle, TimeoutError, UnknownTaskError } from 'dist-io';
import type { Accounts, Greeter } from '../fixtures/greeter';
import { fixture } from '../support/fixture';
import { contract } from './runtimes';

contract('client', (world) => {
  let slave: SlaveHandle;
  before(() => {
    slave = world.createSlave('greeter.ts');
  });

  world.it('client - a method is the task that it is marked as', async () => {
    const greeter = slave.as<Greeter>();
    const text: string = await greeter.sayHello('Ann');
    expect(text).to.equal('Hello Ann');
    expect(await greeter.whoAmI()).to.equal(slave.id);
  });

  world.it('client - metadata come last', async () => {
    expect(await slave.as<Greeter>().later('Ann', { friend: 'Bob' })).to.equal('Later, Ann and Bob');
  });

  world.it('client - a failure rejects', async () => {
    const error: unknown = await slave
      .as<Greeter>('Greeter')
      .fail()
      .catch((error: unknown) => error);
    expect(error).to.be.an.instanceOf(RangeError).with.property('message', 'on purpose');
  });

  world.it('client - a method that two classes have needs the class', async () => {
    const error: unknown = await slave
      .as<Greeter>()
      .fail()
      .catch((error: unknown) => error);
    expect(error).to.be.an.instanceOf(AmbiguousMethodError);
    expect(await slave.as<Accounts>('Accounts').fail()).to.equal('accounts do not fail');
  });

  world.it('client - no method of a class stands for the task of its name', async () => {
    const plain = world.createSlave('echo.js').as<{ echo(data: string): string; nothing(): void; wait(): string }>();
    expect(await plain.echo('data')).to.equal('data');
    const error: unknown = await plain.nothing().catch((error: unknown) => error);
    expect(error).to.be.an.instanceOf(UnknownTaskError);
  });

  world.it('client - a timeout rejects', async () => {
    const deaf = world.createSlave('cancellable.js').as<{ deaf(): string }>();
    const error: unknown = await deaf.deaf(undefined, { timeout: 20 }).catch((error: unknown) => error);
    expect(error).to.be.an.instanceOf(TimeoutError);
  });

  world.it('client - a call counts as pending while the slave loads, which exit lets finish', async () => {
    const loading = world.createSlave('greeter.ts', { maxPending: 1 });
    const name = loading.as<Greeter>().sayHello('Ann');
    expect(loading.pending).to.equal(1);
    const refused: unknown = await loading
      .as<Greeter>()
      .sayHello('Bob')
      .catch((error: unknown) => error);
    expect(refused).to.be.an.instanceOf(QueueFullError);
    await loading.exit();
    expect(await name).to.equal('Hello Ann');
  });

  world.it('client - can be awaited, and is no thenable', async () => {
    const greeter = slave.as<Greeter>();
    expect(await Promise.resolve(greeter)).to.equal(greeter);
  });

  world.it('client - of a group asks them in turn', async () => {
    const group = world.master.createSlaves(2, fixture('greeter.ts'));
    await group.ready();
    const greeter = group.as<Greeter>();
    const ids = await Promise.all([greeter.whoAmI(), greeter.whoAmI()]);
    expect(ids).to.have.members(group.map(({ id }) => id));
    await group.exit();
  });
});
