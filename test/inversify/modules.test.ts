import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import 'reflect-metadata';
import { expect } from 'chai';
import { type Client, Master } from 'dist-io';
import * as commonjs from 'dist-io/inversify';
import { Container, inject, injectable } from 'inversify';
import { Greeter } from './fixtures/greeter';

const FILE = join(__dirname, 'fixtures', 'greeter-slave');
const GREETER = Symbol('greeter');

@injectable()
class Service {
  constructor(
    @inject(Master) readonly master: Master,
    @inject(Greeter) readonly greeter: Client<Greeter>,
  ) {}
}

for (const [twin, load] of Object.entries({ CommonJS: () => Promise.resolve(commonjs), 'ES module': () => import('dist-io/inversify') })) {
  describe(`dist-io/inversify as ${twin}`, () => {
    let container: Container;
    let masterModule: typeof commonjs.masterModule;
    let slaveModule: typeof commonjs.slaveModule;

    before(async () => ({ masterModule, slaveModule } = await load()));
    beforeEach(() => (container = new Container()));
    afterEach(() => container.unbindAllAsync());

    it('masterModule - binds one master for the container', () => {
      container.load(masterModule());
      const other = new Container();
      other.load(masterModule());
      expect(container.get(Master)).to.be.instanceOf(Master);
      expect(container.get(Master)).to.equal(container.get(Master)).and.not.to.equal(other.get(Master));
    });

    it('masterModule - accepts the options of a master', () => {
      container.load(masterModule({ runtime: 'inline', timeout: '5s' }));
      expect(container.get(Master).createSlave(FILE)).to.include({ runtime: 'inline', timeout: 5000 });
    });

    it("masterModule - unbind ends the master's slaves", async () => {
      container.load(masterModule());
      const slave = container.get(Master).createSlave(FILE);
      await container.unbindAsync(Master);
      expect(slave.isAlive).to.equal(false);
    });

    it("masterModule - unload ends the master's slaves", async () => {
      const module = masterModule();
      container.load(module);
      const slave = container.get(Master).createSlave(FILE);
      await container.unloadAsync(module);
      expect(slave.isAlive).to.equal(false);
      expect(container.isBound(Master)).to.equal(false);
    });

    it('slaveModule - a client is injected by its class', async () => {
      container.load(masterModule(), slaveModule(Greeter, FILE));
      container.bind(Service).toSelf();
      const { master, greeter } = container.get(Service);
      expect(await greeter.sayHello('Ann')).to.equal('Hello Ann');
      expect(Array.from(master.slaves, ({ path }) => path)).to.deep.equal([`${FILE}.ts`]);
    });

    it('slaveModule - a client is injected by a symbol', async () => {
      container.load(masterModule(), slaveModule<Greeter>(GREETER, pathToFileURL(`${FILE}.ts`)));
      const greeter = await container.getAsync<Client<Greeter>>(GREETER);
      expect(await greeter.sayHello('Ann')).to.equal('Hello Ann');
    });

    it('slaveModule - the slave starts with the first injection', () => {
      container.load(masterModule(), slaveModule(Greeter, FILE, { alias: 'greeter' }));
      const { slaves } = container.get(Master);
      expect(slaves).to.have.length(0);
      expect(container.get(Greeter)).to.equal(container.get(Greeter));
      expect(Array.from(slaves, ({ alias }) => alias)).to.deep.equal(['greeter']);
    });

    it('slaveModule - several slaves share the work', async () => {
      container.load(masterModule(), slaveModule<Greeter>(GREETER, FILE, { count: 2 }));
      const greeter = container.get<Client<Greeter>>(GREETER);
      expect(container.get(Master).slaves).to.have.length(2);
      expect(await Promise.all([greeter.who(), greeter.who()])).to.have.members([0, 1]);
    });

    it('slaveModule - unbind ends its own slaves only', async () => {
      container.load(masterModule(), slaveModule(Greeter, FILE), slaveModule<Greeter>(GREETER, FILE));
      container.get(Greeter);
      container.get(GREETER);
      const [first, second] = container.get(Master).slaves;
      await container.unbindAsync(GREETER);
      expect(first.isAlive).to.equal(true);
      expect(second.isAlive).to.equal(false);
    });

    it('slaveModule - unload ends its slaves', async () => {
      const module = slaveModule(Greeter, FILE);
      container.load(masterModule(), module);
      container.get(Greeter);
      const [slave] = container.get(Master).slaves;
      await container.unloadAsync(module);
      expect(slave.isAlive).to.equal(false);
    });

    it('slaveModule - without a master the injection fails and names what is missing', () => {
      container.load(slaveModule(Greeter, FILE));
      expect(() => container.get(Greeter)).to.throw(/Master/);
    });
  });
}
