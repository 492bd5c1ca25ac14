import { expect } from 'chai';
import type { SlaveHandle } from 'dist-io';
import { contract } from './runtimes';

interface Warning {
  code: string;
  message: string;
}

const SECOND = 'DIST_IO_SECOND_COMPLETION';

function completedTwice(task: string, lost = ''): Warning {
  return {
    code: SECOND,
    message: `The task '${task}' completed more than once. The first completion counts, a later one${lost} was dropped. Call done once, or return a value instead.`,
  };
}

contract('completion warnings', (suite) => {
  const run = async (slave: SlaveHandle, ...tasks: string[]): Promise<void> => {
    for (const task of tasks) (await slave.exec(`${slave.id}: ${task}`)).unwrap();
  };
  const warnings = async (slave: SlaveHandle, count: number) => (await slave.exec('warnings', count)).unwrap();

  suite.it('completion warnings - a task that completes twice is named once, however often it does', async () => {
    const slave = suite.createSlave('completion-warnings.js', { stderr: 'ignore' });
    await run(slave, 'twice', 'twice', 'twice', 'twice too', 'twice');
    expect(await warnings(slave, 2)).to.deep.equal([completedTwice('twice'), completedTwice('twice too')]);
  });

  for (const [task, lost] of [
    ['throws after done', ' (RangeError: too late)'],
    ['resolves after done', ''],
    ['done after a promise', ''],
    ['done while it streams', ''],
  ]) {
    suite.it(`completion warnings - a second completion is told of: ${task}`, async () => {
      const slave = suite.createSlave('completion-warnings.js', { stderr: 'ignore' });
      await run(slave, task);
      expect(await warnings(slave, 1)).to.deep.equal([completedTwice(task, lost)]);
    });
  }

  suite.it('completion warnings - a task that completes once causes none, also when it returns or resolves after done', async () => {
    const slave = suite.createSlave('completion-warnings.js');
    await run(slave, 'by callback', 'by promise', 'by chained promise', 'returns too');
    expect(await warnings(slave, 0)).to.deep.equal([]);
  });
});
