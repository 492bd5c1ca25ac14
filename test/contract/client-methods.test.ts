import { format, inspect, isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { Master, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { Greeter } from '../fixtures/greeter';
import { contract } from './runtimes';

/** Names that programs and frameworks look up on objects of any kind. */
const PROBED = [
  ...['then', 'toJSON', 'inspect', 'asJSON', 'onModuleInit', 'onModuleDestroy', 'onApplicationBootstrap', 'beforeApplicationShutdown'],
  ...['onApplicationShutdown', 'asymmetricMatch', '$$typeof', 'nodeType', 'tagName', '@@__IMMUTABLE_ITERABLE__@@', 'length', '__esModule'],
  ...[Symbol.iterator, Symbol.asyncIterator, Symbol.toPrimitive, Symbol.dispose, Symbol('any')],
];

contract('client methods', (suite) => {
  let slave: SlaveHandle;
  const requests: string[] = [];
  beforeEach(() => {
    slave = suite.createSlave('greeter.ts');
    slave.on('request', (task) => requests.push(task));
    requests.length = 0;
  });
  afterEach(() => slave.kill());

  /** What programs do with objects that they know nothing of. */
  const handleAsAnyObject = async (client: object): Promise<void> => {
    for (const name of PROBED) expect((client as Record<string | symbol, unknown>)[name], String(name)).to.equal(undefined);
    // eslint-disable-next-line @typescript-eslint/restrict-template-expressions
    expect(`${client}`).to.equal('[object Client]');
    expect(client.constructor).to.be.a('function');
    expect(client.valueOf()).to.equal(client);
    expect(JSON.stringify({ client })).to.equal('{"client":{}}');
    expect(inspect(client)).to.match(/^Client \{/);
    expect(format('%s %o %j', client, client, client)).to.be.a('string');
    expect(isDeepStrictEqual(client, {})).to.equal(false);
    expect(client).to.deep.equal(client).and.not.deep.equal({ a: 1 });
    expect(await Promise.resolve(client)).to.equal(client);
  };

  suite.it('client methods - an unknown class: handled as any object, it executes nothing', async () => {
    const client = slave.as<Greeter>();
    await handleAsAnyObject(client);
    expect(Object.keys(client)).to.deep.equal([]);
    await slave.ready();
    await handleAsAnyObject(client);
    expect(requests).to.deep.equal([]);
  });

  suite.it('client methods - once the slave is ready, a client has exactly the methods that it has announced', async () => {
    const client = slave.as<Greeter>('Greeter');
    expect((client as unknown as Record<string, unknown>).nonsense).to.be.a('function');
    await slave.ready();
    expect(Object.keys(client)).to.have.members(['sayHello', 'later', 'whoAmI', 'fail']);
    expect('sayHello' in client).to.equal(true);
    expect('nonsense' in client).to.equal(false);
    expect(client).not.to.have.property('nonsense');
    expect(client.sayHello).to.equal(client.sayHello);
    expect(await client.sayHello('Ann')).to.equal('Hello Ann');
  });

  suite.it('client methods - given the class, it has exactly its tasks at once, and chooses between methods of one name', async () => {
    const client = slave.as(Greeter);
    expect(slave.pending).to.equal(0);
    expect(Object.keys(client)).to.have.members(['sayHello', 'later', 'whoAmI', 'fail']);
    expect(client).not.to.have.property('nonsense');
    await handleAsAnyObject(client);
    expect(requests).to.deep.equal([]);
    expect(await client.sayHello('Ann')).to.equal('Hello Ann');
    expect(await rejection(client.fail())).to.have.property('message', 'on purpose');
  });

  suite.it('client methods - a client of a group is like that of a slave', async () => {
    const master = new Master({ runtime: suite.runtime });
    const group = master.createSlaves(2, fixture('greeter.ts'));
    const [open, exact] = [group.as<Greeter>(), group.as(Greeter)];
    expect(exact).not.to.have.property('nonsense');
    await handleAsAnyObject(open);
    await group.ready();
    expect(open).not.to.have.property('nonsense');
    expect(await open.sayHello('Ann')).to.equal('Hello Ann');
    expect(await exact.sayHello('Ann')).to.equal('Hello Ann');
    await master.exit();
  });

  suite.it('client methods - a test may replace a method', () => {
    const client = slave.as(Greeter) as unknown as Record<string, unknown>;
    client.sayHello = () => 'replaced';
    expect((client.sayHello as () => string)()).to.equal('replaced');
    expect(Object.keys(client)).to.have.length(4);
    delete client.sayHello;
    expect(client.sayHello).to.be.a('function');
  });

  suite.it('client methods - what is neither a class nor a name is a TypeError', () => {
    for (const of of [null, 5, {}, '', Symbol('s')] as never[]) expect(() => slave.as(of)).to.throw(TypeError);
  });
});
