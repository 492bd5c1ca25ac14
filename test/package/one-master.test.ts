import { expect } from 'chai';
import { createProject } from './support/project';
import { output } from './support/run';

describe('CommonJS and ES modules in one process', () => {
  it('names - are the same objects', async () => {
    const { folder } = await createProject({
      'main.mjs': `
        import { createRequire } from 'node:module';
        import * as imported from 'dist-io';
        import { Slave } from 'dist-io/slave';
        const required = createRequire(import.meta.url)('dist-io');
        const names = Object.keys(required);
        console.log(JSON.stringify({
          different: names.filter((name) => imported[name] !== required[name]),
          sameSlave: Slave === required.Slave,
          known: ['Master', 'Slave', 'Task', 'bootstrap', 'DistIOError'].filter((name) => names.includes(name)),
        }));`,
    });
    expect(JSON.parse(await output(folder, process.execPath, 'main.mjs'))).to.deep.equal({
      different: [],
      sameSlave: true,
      known: ['Master', 'Slave', 'Task', 'bootstrap', 'DistIOError'],
    });
  });

  it('Master - both have the same slaves', async () => {
    const { folder } = await createProject({
      'slave.js': `require('dist-io').Slave.task('say hello', () => 'Hello');`,
      'library.cjs': `exports.start = () => require('dist-io').Master.createSlave('./slave.js', { alias: 'greeter' });`,
      'main.mjs': `
        import { Master, DistIOError } from 'dist-io';
        import library from './library.cjs';
        library.start();
        const { value } = await Master.slave('greeter').exec('say hello');
        const { error } = await Master.slave('greeter').exec('say goodbye');
        console.log(value, error instanceof DistIOError);
        await Master.exit();`,
    });
    expect(await output(folder, process.execPath, 'main.mjs')).to.equal('Hello true\n');
  });
});
