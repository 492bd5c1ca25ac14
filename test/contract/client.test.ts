import { expect } from 'chai';
import { AmbiguousMethodError, QueueFullError, type SlaveHandle, TimeoutError, UnknownTaskError } from 'dist-io';
import type { Accounts, Greeter } from '../fixtures/greeter';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

contract('client', (suite) => {
  let slave: SlaveHandle;
  before(() => {
    slave = suite.createSlave('greeter.ts');
  });

  suite.it('client - a method calls the task it is marked as', async () => {
    const greeter = slave.as<Greeter>();
    const text: string = await greeter.sayHello('Ann');
    expect(text).to.equal('Hello Ann');
    expect(await greeter.whoAmI()).to.equal(slave.id);
  });

  suite.it('client - metadata are the last argument', async () => {
    expect(await slave.as<Greeter>().later('Ann', { friend: 'Bob' })).to.equal('Later, Ann and Bob');
  });

  suite.it('client - an error of the task rejects', async () => {
    const error = await rejection(slave.as<Greeter>('Greeter').fail());
    expect(error).to.be.an.instanceOf(RangeError).with.property('message', 'on purpose');
  });

  suite.it('client - a method of two classes is ambiguous unless as() names the class', async () => {
    const error = await rejection(slave.as<Greeter>().fail());
    expect(error).to.be.an.instanceOf(AmbiguousMethodError);
    expect(await slave.as<Accounts>('Accounts').fail()).to.equal('accounts do not fail');
  });

  suite.it('client - a method that no class has calls the task of that name', async () => {
    const plain = suite.createSlave('echo.js').as<{ echo(data: string): string; nothing(): void; wait(): string }>();
    expect(await plain.echo('data')).to.equal('data');
    expect(plain).not.to.have.property('nothing');
    const loading = suite.createSlave('echo.js').as<{ nothing(): Promise<void> }>();
    expect(await rejection(loading.nothing())).to.be.an.instanceOf(UnknownTaskError);
  });

  suite.it('client - a timeout rejects', async () => {
    const deaf = suite.createSlave('cancellable.js').as<{ deaf(): string }>();
    const error = await rejection(deaf.deaf(undefined, { timeout: 20 }));
    expect(error).to.be.an.instanceOf(TimeoutError);
  });

  suite.it('client - a call made while the slave loads is pending, and exit waits for it', async () => {
    const loading = suite.createSlave('greeter.ts', { maxPending: 1 });
    const name = loading.as<Greeter>().sayHello('Ann');
    expect(loading.pending).to.equal(1);
    const refused = await rejection(loading.as<Greeter>().sayHello('Bob'));
    expect(refused).to.be.an.instanceOf(QueueFullError);
    await loading.exit();
    expect(await name).to.equal('Hello Ann');
  });

  suite.it('client - is not thenable', async () => {
    const greeter = slave.as<Greeter>();
    expect(await Promise.resolve(greeter)).to.equal(greeter);
  });

  suite.it('client - of a group calls its slaves in turn', async () => {
    const group = suite.master.createSlaves(2, fixture('greeter.ts'));
    await group.ready();
    const greeter = group.as<Greeter>();
    const ids = await Promise.all([greeter.whoAmI(), greeter.whoAmI()]);
    expect(ids).to.have.members(group.map(({ id }) => id));
    await group.exit();
  });
});
