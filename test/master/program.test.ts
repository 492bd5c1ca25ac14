import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { gone, lives, runNode } from '../support/program';

describe('master: program', () => {
  const create = `const { Master } = require('dist-io'); const slave = Master.createSlave(${JSON.stringify(fixture('ending.js'))}, options);`;
  const run = (options: object, script: string) => runNode(['-e', `const options = ${JSON.stringify(options)}; ${create} ${script}`]);

  for (const runtime of ['process', 'thread', 'inline']) {
    it(`program - ends by itself once its slaves have ended, over ${runtime}`, async () => {
      const program = run({ runtime }, `slave.exec('echo', 1).then(({ value }) => { console.log(value); return slave.exit(); });`);
      expect(await program.ended).to.deep.equal({ code: 0, signal: null, lines: ['1'], stderr: '' });
    });
  }

  it('program - process.exit() ends living slaves', async () => {
    const program = run(
      {},
      `slave.exec('block'); slave.ready().then(() => { console.log(slave.pid); setImmediate(() => process.exit(4)); });`,
    );
    const pid = Number(await program.line());
    expect(await program.ended).to.include({ code: 4 });
    await gone(pid);
    expect(lives(pid)).to.equal(false);
  });

  it('program - an uncaught error ends living slaves', async () => {
    const program = run({}, `slave.ready().then(() => { console.log(slave.pid); throw new Error('over'); });`);
    const pid = Number(await program.line());
    const { code, stderr } = await program.ended;
    expect(code).to.equal(1);
    expect(stderr).to.contain('Error: over');
    await gone(pid);
  });

  it('program - a throwing listener does not prevent a response', async () => {
    const program = run(
      {},
      `process.on('uncaughtException', ({ message }) => console.log(message));
       slave.on('response', () => { throw new Error('from a listener'); });
       slave.exec('echo', 'answered').then(({ value }) => { console.log(value); return slave.exit(); });`,
    );
    const { code, lines } = await program.ended;
    expect(code).to.equal(0);
    expect(lines).to.have.members(['from a listener', 'answered']);
  });
});
