import { expect } from 'chai';
import { Master, type Response, type Runtime, SlaveDiedError, type SlaveHandle, type SlaveOptions } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';

interface Death {
  task: string;
  data?: unknown;
  exitCode?: number;
  signal?: string;
  cause?: string;
  stderr?: RegExp;
  options?: SlaveOptions;
}

const DEATHS: Record<string, Death> = {
  'process.exit(0)': { task: 'exit', data: 0, exitCode: 0 },
  'process.exit(7)': { task: 'exit', data: 7, exitCode: 7 },
  'process.exitCode': { task: 'exit code', data: 9, exitCode: 9 },
  'a throw in a timer': { task: 'throw in a timer', exitCode: 1, cause: 'thrown in a timer', stderr: /TypeError: thrown in a timer/ },
  'an unhandled rejection': { task: 'unhandled rejection', exitCode: 1, cause: 'nobody caught it', stderr: /nobody caught it/ },
  'last words': { task: 'last words', exitCode: 3, stderr: /these are my last words/ },
};

/** What would end the whole process, were it done in a thread. */
const DEATHS_OF_PROCESSES: Record<string, Death> = {
  'heap exhaustion': {
    task: 'exhaust',
    signal: 'SIGABRT',
    stderr: /heap out of memory/,
    options: { execArgv: ['--max-old-space-size=20'] },
  },
  'abort()': { task: 'abort', signal: 'SIGABRT' },
  SIGKILL: { task: 'kill itself', data: 'SIGKILL', signal: 'SIGKILL' },
  SIGHUP: { task: 'kill itself', data: 'SIGHUP', signal: 'SIGHUP' },
};

describe('faults: deaths', () => {
  const master = new Master({ stderr: 'ignore', stdout: 'ignore' });
  after(() => master.kill());

  const create = (runtime: Runtime, options?: SlaveOptions) => master.createSlave(fixture('dying.js'), { runtime, ...options });

  /** Every settlement there is, so that one too many would be seen. */
  const settlements = (slave: SlaveHandle) => {
    const responses: Response[] = [];
    slave.on('response', (response) => responses.push(response));
    return responses;
  };

  const expectDeath = async (slave: SlaveHandle, calls: Promise<Response>[], responses: Response[], death: Omit<Death, 'task'>) => {
    const settled = await Promise.all(calls);
    for (const { error } of settled) {
      expect(error).to.be.an.instanceOf(SlaveDiedError);
      expect(error).to.include({ code: 'SLAVE_DIED', slave: `slave ${slave.id}`, mayHaveExecuted: true });
      expect(error).to.include({ exitCode: death.exitCode ?? null, signal: death.signal ?? null });
      if (death.cause !== undefined) expect(error?.cause).to.be.an.instanceOf(TypeError).with.property('message', death.cause);
      // An error that ends a thread goes to its master and not to stderr.
      const silent = slave.runtime === 'thread' && death.cause !== undefined;
      if (death.stderr !== undefined && !silent) expect((error as SlaveDiedError).stderrTail).to.match(death.stderr);
    }
    expect(await slave.exit()).to.deep.equal({ id: slave.id, code: death.exitCode ?? null, signal: death.signal ?? null, forced: false });
    expect(responses).to.have.members(settled);
    expect(slave.pending).to.equal(0);
    expect(slave.isAlive).to.equal(false);
    const { error } = await slave.exec('echo');
    expect(error).to.be.an.instanceOf(SlaveDiedError).with.property('mayHaveExecuted', false);
  };

  for (const runtime of ['process', 'thread'] as const) {
    describe(`of a ${runtime}`, () => {
      const deaths = runtime === 'process' ? { ...DEATHS, ...DEATHS_OF_PROCESSES } : DEATHS;
      for (const [name, { task, data, options, ...death }] of Object.entries(deaths)) {
        it(`${name} - settles every pending exec once`, async () => {
          const slave = create(runtime, options);
          const responses = settlements(slave);
          const calls = [
            slave.exec('wait'),
            slave.exec('wait'),
            slave.exec(task, data),
            slave.exec('echo', 'behind it', { timeout: '1m' }),
          ];
          const [first, second, third] = calls;
          // What was asked after it may have been answered when it happens in a later turn.
          const behind = await calls[3];
          if (behind.ok) responses.splice(responses.indexOf(behind), 1);
          await expectDeath(slave, behind.ok ? [first, second, third] : calls, responses, death);
        });
      }

      it('a thrown value that is not an Error - is reported', async () => {
        const { error } = await create(runtime).exec('throw no error');
        expect(error).to.be.an.instanceOf(SlaveDiedError).with.property('exitCode', 1);
      });

      it('done, then process.exit(0) in the same tick - the value is delivered', async () => {
        const slave = create(runtime);
        const value = { text: 'x'.repeat(50_000), bytes: Buffer.alloc(50_000) };
        await slave.ready();
        const before = Array.from({ length: 10 }, (_, i) => slave.exec('echo', i));
        const [answer, lost] = await Promise.all([slave.exec('done and exit', value), slave.exec('echo', 'too late')]);
        expect(answer.value).to.deep.equal(value);
        expect((await Promise.all(before)).map((response) => response.value)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        expect(lost.error).to.be.an.instanceOf(SlaveDiedError).with.property('exitCode', 0);
      });

      it('done, then an exception - the value is delivered', async () => {
        const slave = create(runtime);
        const [answer, pending] = await Promise.all([slave.exec('done and throw', 'value'), slave.exec('wait')]);
        expect(answer.value).to.equal('value');
        expect(pending.error).to.be.an.instanceOf(SlaveDiedError).with.nested.property('cause.message', 'afterwards');
      });

      it('a script that catches every error - lives on, and a caught error is not the cause of a later death', async () => {
        const slave = create(runtime);
        await slave.exec('catch everything');
        const pending = slave.exec('throw in a timer');
        expect((await slave.exec('echo', 'alive')).value).to.equal('alive');
        const { error } = await slave.exec('exit', 5);
        expect(error).to.be.an.instanceOf(SlaveDiedError).with.property('exitCode', 5);
        expect(error?.cause).to.equal(undefined);
        expect((await pending).error).to.be.an.instanceOf(SlaveDiedError);
      });

      it('death - rejects pending calls with rejectOnError', async () => {
        const error = await rejection(create(runtime, { rejectOnError: true }).exec('exit', 0));
        expect(error).to.be.an.instanceOf(SlaveDiedError);
      });

      it('death - emits each event once', async () => {
        const slave = create(runtime);
        const heard: unknown[] = [];
        slave.on('error', (error) => heard.push(error.code)).on('exit', ({ code }) => heard.push(code));
        await slave.exec('exit', 7);
        await slave.exit();
        expect(heard).to.deep.equal(['SLAVE_DIED', 7]);
        expect([...master.slaves]).not.to.include(slave);
      });

      it('death - of one slave does not affect another', async () => {
        const [dying, living] = [create(runtime), create(runtime)];
        const pending = living.exec('echo', 'alive');
        await dying.exec('exit', 1);
        expect((await pending).value).to.equal('alive');
        expect((await living.exec('echo', 'still alive')).value).to.equal('still alive');
      });
    });
  }

  it('SIGKILL from outside - settles each of fifty pending calls once', async () => {
    const slave = create('process');
    await slave.ready();
    const responses = settlements(slave);
    const calls = Array.from({ length: 50 }, () => slave.exec('wait'));
    process.kill(slave.pid!, 'SIGKILL');
    await expectDeath(slave, calls, responses, { signal: 'SIGKILL' });
  });

  it('SIGKILL from outside - settles the calls of a slave in a busy loop', async () => {
    const slave = master.createSlave(fixture('ending.js'));
    await slave.ready();
    const responses = settlements(slave);
    const calls = [slave.exec('block'), slave.exec('echo')];
    process.kill(slave.pid!, 'SIGKILL');
    await expectDeath(slave, calls, responses, { signal: 'SIGKILL' });
  });
});
