import { expect } from 'chai';
import { type SlaveHandle, UnknownTaskError } from 'dist-io';
import { contract } from './runtimes';

const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'exit', 'ready', ' ', '"', '\n', 'ключ 😀', '\ud800'];

contract('task names', (suite) => {
  let slave: SlaveHandle;
  before(() => {
    slave = suite.createSlave('names.js');
  });

  for (const name of NAMES) {
    suite.it(`task names - a task may be called ${JSON.stringify(name)}`, async () => {
      await slave.exec('register', name);
      expect((await slave.exec(name, 1)).unwrap()).to.deep.equal([name, 1]);
    });
  }

  suite.it('task names - an unknown one fails with a list of the offered tasks', async () => {
    const plain = suite.createSlave('echo.js', { alias: 'plain' });
    for (const name of ['toString', 'constructor', '__proto__', 'ECHO', 'x'.repeat(1000)]) {
      const { error } = await plain.exec(name);
      expect(error).to.be.an.instanceOf(UnknownTaskError);
      expect(error).to.include({ code: 'UNKNOWN_TASK', task: name });
      expect((error as UnknownTaskError).offered).to.deep.equal(['echo', 'id', 'group']);
      expect(error?.message).to.contain(`slave ${plain.id} (plain) has no task '${name}'. It offers: 'echo', 'id', 'group'.`);
    }
    expect((await plain.exec('echo', 'alive')).value).to.equal('alive');
  });

  suite.it('task names - a task registered after loading can be called', async () => {
    const late = suite.createSlave('names.js');
    expect((await late.exec('later')).error).to.be.an.instanceOf(UnknownTaskError);
    await late.exec('register', 'later');
    expect((await late.exec('later', 1)).value).to.deep.equal(['later', 1]);
    const { error } = await late.exec('never');
    expect((error as UnknownTaskError).offered).to.deep.equal(['register', 'register twice', 'later']);
  });

  suite.it('task names - a duplicate throws in the slave', async () => {
    const { value } = await slave.exec('register twice', 'twin');
    expect(value).to.include({ code: 'DUPLICATE_TASK', task: 'twin' });
  });
});
