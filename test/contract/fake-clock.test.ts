import FakeTimers from '@sinonjs/fake-timers';
import { expect } from 'chai';
import { type SlaveHandle, TimeoutError } from 'dist-io';
import { contract } from './runtimes';

async function* numbers(to: number): AsyncGenerator<number> {
  for (let i = 0; i < to; i++) yield await Promise.resolve(i);
}

/** Replaces every function of the clock in this process until `use` has finished, `process.nextTick` included. */
async function withFakeClock(use: () => Promise<void>): Promise<void> {
  const clock = FakeTimers.install();
  try {
    await use();
  } finally {
    clock.uninstall();
  }
}

/** Everything that takes time: none of it may wait for the fake clock. */
async function useSlave(slave: SlaveHandle): Promise<void> {
  expect((await slave.exec('echo', 'hello')).value).to.equal('hello');
  expect((await slave.exec('never', undefined, { timeout: 20 })).error).to.be.instanceOf(TimeoutError);
  expect((await slave.exec('count', 600)).value).to.have.length(600);
  let items = 0;
  for await (const item of slave.stream('count', 600)) expect(item).to.equal(items++);
  expect(items).to.equal(600);
  expect((await slave.exec('sum', numbers(600))).value).to.equal(179700);
  const steps: unknown[] = [];
  await slave.exec('steps', 3, { onProgress: (step) => steps.push(step) });
  expect(steps).to.deep.equal([0, 1, 2]);
  const bytes = Buffer.alloc(3_000_000, 7);
  expect((await slave.exec('echo', bytes)).value).to.deep.equal(bytes);
  const date = (await slave.exec('echo', new Date(5))).value;
  expect(date).to.be.instanceOf(Date);
  expect((date as Date).getTime()).to.equal(5);
  expect((await slave.ping({ timeout: '5s' })).roundTrip).to.be.greaterThan(0);
}

contract(
  'fake clocks',
  (suite) => {
    const { master, runtime } = suite;

    suite.it('fake clock - a slave that is created under it works and exits', () =>
      withFakeClock(async () => {
        const slave = suite.createSlave('fake-clock.js');
        await slave.ready();
        await useSlave(slave);
        expect((await slave.exit()).forced).to.equal(false);
      }),
    );

    suite.it('fake clock - a slave that was created before works and exits', async () => {
      const slave = suite.createSlave('fake-clock.js');
      await slave.ready();
      await withFakeClock(async () => {
        await useSlave(slave);
        expect((await slave.exit()).forced).to.equal(false);
      });
    });

    suite.it('fake clock - a task that installs it in the slave leaves the slave usable', async () => {
      const slave = suite.createSlave('fake-clock.js');
      await slave.exec('install a fake clock');
      expect((await slave.exec('is faked')).value).to.equal(true);
      try {
        await useSlave(slave);
      } finally {
        if (runtime === 'inline') await slave.exec('uninstall it');
      }
      expect((await slave.exit()).forced).to.equal(false);
    });

    suite.it('fake clock - kill settles what is pending', () =>
      withFakeClock(async () => {
        const slave = suite.createSlave('fake-clock.js');
        await slave.ready();
        const pending = slave.exec('never');
        await slave.kill();
        expect((await pending).error).to.have.property('code', 'SLAVE_EXITED');
      }),
    );

    suite.it('fake clock - cancel: kill ends a slave after the grace', () =>
      withFakeClock(async () => {
        const slave = suite.createSlave('fake-clock.js');
        await slave.ready();
        const exit = new Promise((resolve) => slave.once('exit', resolve));
        const { error } = await slave.exec('deaf', undefined, { timeout: 10, cancel: 'kill', grace: 10 });
        expect(error).to.be.instanceOf(TimeoutError);
        await exit;
      }),
    );

    suite.it('fake clock - a typed client, a pool and a pipeline work', () =>
      withFakeClock(async () => {
        const slaves = [suite.createSlave('fake-clock.js'), suite.createSlave('fake-clock.js')];
        const client = slaves[0].as<{ echo(data: string): string }>();
        expect(await client.echo('hello')).to.equal('hello');
        const pool = master.createWorkpool(...slaves);
        expect((await pool.do('echo', 1)).value).to.equal(1);
        expect((await pool.do('never', 1, { timeout: 20 })).error).to.be.instanceOf(TimeoutError);
        const mapped: unknown[] = [];
        for await (const value of pool.map([1, 2, 3], 'echo')) mapped.push(value);
        expect(mapped).to.deep.equal([1, 2, 3]);
        await Promise.all(slaves.map((slave) => slave.exit()));
      }),
    );
  },
  { except: { remote: 'the library of NATS uses the clock of the program' } },
);
