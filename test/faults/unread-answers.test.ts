import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Master, SlaveDiedError, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { lives } from '../support/program';

/** Keeps this thread, the master's, busy until the slave's process has ended: what it has sent waits unread. */
function blockUntilEnd({ pid }: SlaveHandle): void {
  const deadline = Date.now() + 20_000;
  while (lives(pid!)) if (Date.now() > deadline) throw new Error(`The process ${pid} has not ended.`);
}

const turn = () => new Promise(setImmediate);

describe('faults: unread answers', () => {
  const master = new Master({ stderr: 'ignore' });
  const file = join(tmpdir(), 'executions');
  beforeEach(() => writeFileSync(file, ''));
  after(async () => {
    await master.kill();
    rmSync(file, { force: true });
  });

  it('unread answers - a slave answers and ends, its blocked master writes to it: the answers arrive', async () => {
    const slave = master.createSlave(fixture('dying.js'));
    await slave.ready();
    const bytes = Buffer.alloc(100_000, 1);
    const answers = [slave.exec('echo', 'small'), slave.exec('echo', bytes)];
    const last = slave.exec('exit', 3);
    await turn();
    blockUntilEnd(slave);
    const late = slave.exec('echo', 'late');
    expect((await answers[0]).value).to.equal('small');
    expect((await answers[1]).value).to.deep.equal(bytes);
    for (const { error } of [await last, await late]) expect(error).to.be.an.instanceOf(SlaveDiedError).that.includes({ exitCode: 3 });
  });

  it('unread answers - a slave loads, executes and ends while its master is blocked: it died, and did not fail to start', async () => {
    const slave = master.createSlave(fixture('dying.js'));
    const calls = [slave.exec('append and exit', file)];
    await turn();
    blockUntilEnd(slave);
    calls.push(slave.exec('echo'));
    for (const { error } of await Promise.all(calls)) expect(error).to.be.an.instanceOf(SlaveDiedError);
    await slave.ready();
  });

  it('unread answers - a pool without retries does not execute a task twice', async () => {
    const slaves = master.createSlaves(2, fixture('dying.js'));
    await slaves.ready();
    const pool = master.createWorkpool(...slaves);
    const jobs = [pool.do('append and exit', file), pool.do('append and exit', file)];
    await turn();
    for (const slave of slaves) {
      blockUntilEnd(slave);
      void slave.exec('echo');
    }
    for (const { error } of await Promise.all(jobs)) expect(error).to.be.an.instanceOf(SlaveDiedError);
    expect(readFileSync(file, 'utf8')).to.equal('xx');
  });

  it('unread answers - the end of a slave is told after its answers, however long its master was blocked', async () => {
    const slave = master.createSlave(fixture('dying.js'));
    await slave.ready();
    const heard: unknown[] = [];
    slave.on('response', ({ value, error }) => heard.push(value ?? error?.constructor)).on('exit', () => heard.push('exit'));
    const calls = Array.from({ length: 20 }, (_, i) => slave.exec('echo', i));
    const last = slave.exec('exit', 3);
    await turn();
    blockUntilEnd(slave);
    // After the event of its end, too.
    setImmediate(() => {
      const end = Date.now() + 300;
      while (Date.now() < end);
    });
    await Promise.all([...calls, last, slave.exit()]);
    expect(heard).to.deep.equal([...calls.keys(), SlaveDiedError, 'exit']);
  });
});
