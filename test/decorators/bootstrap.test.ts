import { expect } from 'chai';
import type { Runtime, SlaveHandle, UnknownTaskError } from 'dist-io';
import { Workshop } from './support/workshop';

/** Asks for what there is not: the answer lists what there is. */
async function offered(slave: SlaveHandle): Promise<readonly string[]> {
  const { error } = await slave.exec('?');
  return (error as UnknownTaskError).offered;
}

async function value(slave: SlaveHandle, task: string): Promise<unknown> {
  return (await slave.exec(task)).unwrap();
}

const CLASSES = `
  class Greeter { constructor(readonly name = 'nobody') {} @Task('greet') greet() { return 'Hello from ' + this.name; } }
  class Adder { @Task() add() { return 1 + 2; } }
  class Helper { help() {} }
`;

for (const runtime of ['process', 'inline'] satisfies Runtime[]) {
  describe(`bootstrap, ${runtime}`, () => {
    const workshop = new Workshop();
    after(() => workshop.close());
    const slaveOf = (text: string) => workshop.slave(CLASSES + text, { runtime });

    it('class - is constructed without arguments', async () => {
      expect(await value(slaveOf('bootstrap(Greeter);'), 'greet')).to.equal('Hello from nobody');
    });

    it('several classes - register all their tasks', async () => {
      expect(await offered(slaveOf('bootstrap([Greeter, Adder]);'))).to.have.members(['greet', 'add']);
    });

    it('instance - is used as it is', async () => {
      expect(await value(slaveOf(`bootstrap(new Greeter('Ann'));`), 'greet')).to.equal('Hello from Ann');
    });

    it('classes and instances - may be mixed', async () => {
      const slave = slaveOf(`bootstrap([Adder, new Greeter('Ann')]);`);
      expect(await value(slave, 'greet')).to.equal('Hello from Ann');
      expect(await value(slave, 'add')).to.equal(3);
    });

    it('container - provides the instances', async () => {
      const slave = slaveOf(`bootstrap(Greeter, { container: { get: (Class: any) => new Class('the container') } });`);
      expect(await value(slave, 'greet')).to.equal('Hello from the container');
    });

    it('twice - is harmless', async () => {
      const slave = slaveOf('bootstrap(Greeter); bootstrap([Greeter, Adder]); bootstrap(Adder); exports.Greeter = Greeter;');
      expect(await offered(slave)).to.have.members(['greet', 'add']);
    });

    it('result - is the slave, to which tasks may be added', async () => {
      const slave = slaveOf(`bootstrap(Greeter).task('subtract', () => 2 - 1);`);
      expect(await offered(slave)).to.have.members(['greet', 'subtract']);
    });

    describe('of exported classes', () => {
      it('a class and its base class - are registered as one class', async () => {
        const slave = slaveOf(
          'class Loud extends Greeter { override greet() { return super.greet() + "!"; } }; Object.assign(exports, { Greeter, Loud });',
        );
        expect(await value(slave, 'greet')).to.equal('Hello from nobody!');
      });

      it('named exports - decorated classes are registered, others ignored', async () => {
        expect(await offered(slaveOf('export { Greeter, Adder, Helper }; export const limit = 5, nothing = null;'))).to.have.members([
          'greet',
          'add',
        ]);
      });

      it('default export - is registered', async () => {
        expect(await offered(slaveOf('export default Greeter;'))).to.deep.equal(['greet']);
      });

      it('module.exports - is registered', async () => {
        expect(await offered(slaveOf('module.exports = Greeter;'))).to.deep.equal(['greet']);
      });

      it('one class exported twice - is registered once', async () => {
        expect(await offered(slaveOf('export { Greeter, Greeter as default };'))).to.deep.equal(['greet']);
      });

      it('exports - are ignored if the file has called bootstrap', async () => {
        expect(await offered(slaveOf('bootstrap(Greeter); export { Adder };'))).to.deep.equal(['greet']);
      });
    });
  });
}
