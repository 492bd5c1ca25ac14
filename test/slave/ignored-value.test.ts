import { expect } from 'chai';
import { Master, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';

interface Warning {
  code: string;
  message: string;
}

for (const runtime of ['process', 'thread'] as const) {
  describe(`slave: ignored value, ${runtime}`, () => {
    const master = new Master({ runtime, execArgv: ['--require', fixture('short-timers.js')], stderr: 'ignore' });
    after(() => master.exit({ pending: 'abort' }));

    const warned = async (slave: SlaveHandle, count: number) => (await slave.exec('warnings', count)).unwrap() as Warning[];

    it('ignored value - a handler that declares done, returns a value and does not call done is told so, once', async () => {
      const slave = master.createSlave(fixture('completion-warnings.js'));
      const tasks = ['ignored', 'ignored', 'ignored too'].map((task) => slave.exec(`${slave.id}: ${task}`));
      const warnings = await warned(slave, 2);
      expect(warnings.map(({ code }) => code)).to.deep.equal(['DIST_IO_IGNORED_VALUE', 'DIST_IO_IGNORED_VALUE']);
      expect(warnings.map(({ message }) => message.split(' declares done')[0])).to.deep.equal([
        "The task 'ignored'",
        "The task 'ignored too'",
      ]);
      await slave.exec('go on');
      expect((await Promise.all(tasks)).map(({ value }) => value)).to.deep.equal(Array(3).fill('went on'));
      expect(await warned(slave, 2)).to.have.length(2);
    });

    it('ignored value - timers, objects of classes and nothing at all are no results that somebody meant', async () => {
      const slave = master.createSlave(fixture('completion-warnings.js'));
      const tasks = ['a timer', 'a query', 'nothing', 'ignored'].map((task) => slave.exec(`${slave.id}: ${task}`));
      const [{ message }, ...more] = await warned(slave, 1);
      expect(message).to.contain("The task 'ignored'");
      expect(more).to.deep.equal([]);
      await slave.exec('go on');
      await Promise.all(tasks);
    });
  });
}
