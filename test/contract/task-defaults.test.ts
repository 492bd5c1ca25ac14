import { expect } from 'chai';
import { SlaveExitedError, TimeoutError } from 'dist-io';
import type { Patient } from '../fixtures/task-defaults-class';
import { contract } from './runtimes';

contract('task defaults', (suite) => {
  const FILE = 'task-defaults.js';
  const isTimeout = (error: unknown, ms: number) => expect(error).to.be.an.instanceOf(TimeoutError).with.property('timeout', ms);

  suite.it("task defaults - a task's timeout overrides that of its slave", async () => {
    const slave = suite.createSlave(FILE, { timeout: '10m' });
    isTimeout((await slave.exec('30 ms')).error, 30);
    const hasty = suite.createSlave(FILE, { timeout: 20 });
    await hasty.ready();
    expect((await hasty.exec('a minute')).value).to.equal('answered');
    expect((await hasty.exec('unlimited', 40)).value).to.equal('answered');
    isTimeout((await hasty.exec('plain')).error, 20);
  });

  suite.it("task defaults - the caller's metadata override them", async () => {
    const slave = suite.createSlave(FILE);
    isTimeout((await slave.exec('unlimited', 10_000, { timeout: 10 })).error, 10);
    const spared = await slave.exec('killed', 0, { cancel: 'signal', timeout: 10 });
    isTimeout(spared.error, 10);
    expect((await slave.exec('a minute')).value).to.equal('answered');
  });

  suite.it('task defaults - hold for requests made before the slave has loaded, from when they were made', async () => {
    const slave = suite.createSlave(FILE);
    isTimeout((await slave.exec('30 ms')).error, 30);
    const queued = suite.createSlave(FILE, { concurrency: 1 });
    const first = queued.exec('unlimited', 100);
    isTimeout((await queued.exec('30 ms')).error, 30);
    expect((await first).value).to.equal('answered');
  });

  suite.it('task defaults - hold for a task that is registered later, and for requests that were made before', async () => {
    const slave = suite.createSlave(FILE);
    await slave.exec('register', 'later');
    isTimeout((await slave.exec('later')).error, 30);
    const registered = slave.exec('register', 'later still');
    isTimeout((await slave.exec('later still')).error, 30);
    await registered;
  });

  suite.it('task defaults - cancel and grace end the slave of a task that does not stop', async () => {
    const slave = suite.createSlave(FILE);
    const neighbour = slave.exec('plain');
    isTimeout((await slave.exec('killed')).error, 30);
    expect((await neighbour).error).to.be.an.instanceOf(SlaveExitedError);
  });

  suite.it('task defaults - a remembered task has them too', async () => {
    isTimeout((await suite.createSlave(FILE).exec('remembered')).error, 30);
  });

  suite.it('task defaults - hold for streams, patterns and typed clients', async () => {
    const slave = suite.createSlave(FILE);
    const stream = slave.stream('30 ms');
    isTimeout(await stream.next().catch((error: unknown) => error), 30);
    isTimeout((await suite.master.tell(slave).to('30 ms')).error, 30);
    const parallel = suite.master.createParallel();
    parallel.addTask('30 ms').for(slave);
    for (const options of [undefined, { timeout: '1m' }]) isTimeout((await parallel.execute(options))[0].error, 30);
    const client = suite.createSlave('task-defaults-class.ts').as<Patient>();
    isTimeout(await client.wait().catch((error: unknown) => error), 30);
  });
});
