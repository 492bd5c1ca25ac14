import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect as connectToNats, nkeyAuthenticator, nkeys } from '@nats-io/transport-node';
import { expect } from 'chai';
import { type DeadJob, type DurableOptions, type DurablePool, DurableQueueError, JobFailedError, Master, UnknownJobError } from 'dist-io';
import { type Cluster, connect } from 'dist-io/nats';
import { eventually } from '../support/eventually';
import { NatsServer, TestHost } from '../support/nats';
import { rejection } from '../support/rejection';
import { temporaryFolder } from '../support/temporary-folder';

const FIXTURES = resolve('test/fixtures');
const SLAVE = join(FIXTURES, 'durable.js');

describe('nats: durable jobs', () => {
  const folder = temporaryFolder();
  let files = 0;
  let names = 0;
  let server: NatsServer;
  let master: Master;
  let cluster: Cluster;
  let name: string;

  const newFile = (): string => join(folder, `runs ${files++}`);
  const linesOf = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []);
  const createPool = (size = 1, options: Partial<DurableOptions> = {}): DurablePool =>
    master.createPool(size, SLAVE, { durable: { name, backoff: { initialInterval: 10 }, ...options } });
  const deadOf = async (pool: DurablePool): Promise<DeadJob[]> => {
    const dead: DeadJob[] = [];
    for await (const job of pool.dead()) dead.push(job);
    return dead;
  };

  before(async () => {
    server = await NatsServer.start('-js', '-sd', join(folder, 'jetstream'));
  });
  after(() => server.stop());
  beforeEach(async () => {
    name = `queue-${names++}`;
    master = new Master();
    cluster = await connect(master, { servers: server.address });
  });
  afterEach(async () => {
    await master.exit({ pending: 'abort' });
    await cluster.close();
  });

  it('submit - resolves with an id, by which any program gets the value, as often as it asks', async () => {
    const pool = createPool();
    const data = { when: new Date(0), bytes: Buffer.from('abc'), map: new Map([[1n, undefined]]) };
    const id = await pool.submit('echo', data);
    expect(await pool.result(id)).to.deep.equal(data);
    expect(await cluster.queue(name).result(id)).to.deep.equal(data);
    await pool.exit();
    expect(await cluster.queue(name).result(id)).to.deep.equal(data);
  });

  it('submit without a pool - the job waits until some master has one', async () => {
    const queue = cluster.queue(name);
    const ids = await Promise.all(Array.from({ length: 50 }, (_, i) => queue.submit('echo', i)));
    expect(await queue.counts()).to.deep.equal({ waiting: 50, active: 0, delayed: 0, dead: 0 });
    createPool(2);
    expect(await Promise.all(ids.map((id) => queue.result(id)))).to.deep.equal(Array.from({ length: 50 }, (_, i) => i));
    await eventually(async () => (await queue.counts()).active === 0);
    expect(await queue.counts()).to.deep.equal({ waiting: 0, active: 0, delayed: 0, dead: 0 });
  });

  it('a master is killed - another one runs its jobs again; those that had finished do not run again', async () => {
    const [finished, running] = [newFile(), newFile()];
    const queue = cluster.queue({ name, redeliverAfter: 1000 });
    const first = await queue.submit('note', { file: finished, line: 'once' });
    const second = await queue.submit('note and wait for a second run', { file: running, line: 'run' });
    const other = fork(join(FIXTURES, 'durable-master.js'), [server.address, name], { stdio: 'inherit' });
    await eventually(() => linesOf(running).length === 1);
    await queue.result(first);
    other.kill('SIGKILL');
    await once(other, 'exit');
    createPool(1, { redeliverAfter: 1000 });
    expect(await queue.result(second)).to.equal('second run');
    expect(linesOf(running)).to.deep.equal(['run', 'run']);
    expect(linesOf(finished)).to.deep.equal(['once']);
  });

  it('the server restarts - jobs that wait and jobs that run arrive, and run once', async () => {
    const file = newFile();
    const pool = createPool();
    const ids = await Promise.all(['a', 'b', 'c'].map((line) => pool.submit('note and wait', { file, line, ms: 300 })));
    const results = Promise.all(ids.map((id) => pool.result(id).catch(() => cluster.queue(name).result(id))));
    await eventually(() => linesOf(file).length === 1);
    server = await server.restart();
    expect(await results).to.deep.equal(['a', 'b', 'c']);
    expect(linesOf(file)).to.deep.equal(['a', 'b', 'c']);
  });

  it('the server restarts - delayed jobs run at their time', async () => {
    const pool = createPool();
    const id = await pool.submit('echo', 1, { delay: 2000 });
    server = await server.restart();
    expect(await cluster.queue(name).result(id)).to.equal(1);
  });

  it('the server is away while a pool is created - the pool takes jobs once it is reached', async () => {
    await server.stop();
    const pool = createPool();
    server = await server.restart();
    expect(await cluster.queue(name).result(await cluster.queue(name).submit('echo', 1))).to.equal(1);
    await pool.ready();
  });

  it('messages that are no jobs - are removed, and the others run', async () => {
    const queue = cluster.queue(name);
    const id = await queue.submit('echo', 1);
    const stranger = await connectToNats({ servers: server.address });
    for (const lane of ['high', 'delayed'])
      for (const bytes of ['', '\u0000', 'hello', '\u0001\u0002\u0000\u0000\u0000[]', '\u0000\u0002\u0000\u0000\u0000{}'])
        stranger.publish(`dist-io.jobs.${name}.${lane}.x`, bytes);
    await stranger.close();
    const pool = createPool();
    expect(await pool.result(id)).to.equal(1);
    await eventually(async () => {
      const { waiting, active, delayed } = await pool.counts();
      return waiting + active + delayed === 0;
    });
  });

  it('a job that runs longer than redeliverAfter - runs once, although another master waits for jobs', async () => {
    const file = newFile();
    const pool = createPool(1, { redeliverAfter: 1000 });
    const other = new Master();
    const otherCluster = await connect(other, { servers: server.address });
    await other.createPool(1, SLAVE, { durable: { name, redeliverAfter: 1000 } }).ready();
    const id = await pool.submit('note and wait', { file, line: 'long', ms: 3000 });
    expect(await pool.result(id)).to.equal('long');
    expect(linesOf(file)).to.deep.equal(['long']);
    await other.exit();
    await otherCluster.close();
  });

  it('key - while a job of it waits, runs or has a result, nothing more is stored', async () => {
    const file = newFile();
    const queue = cluster.queue(name);
    const submit = (priority: 'high' | 'low'): Promise<string> =>
      queue.submit('note', { file, line: 'once' }, { key: 'order/17', priority });
    expect(await Promise.all([submit('low'), submit('high'), submit('low')])).to.deep.equal(['order/17', 'order/17', 'order/17']);
    createPool();
    await queue.result('order/17');
    await submit('high');
    await queue.result(await queue.submit('echo'));
    expect(linesOf(file)).to.deep.equal(['once']);
  });

  it('priority - what waits runs in its order, and equal ones in the order of submission', async () => {
    const file = newFile();
    const queue = cluster.queue(name);
    const ids = [];
    for (const priority of ['low', 'normal', 'high'] as const)
      for (const n of [1, 2, 3]) ids.push(await queue.submit('note and wait', { file, line: `${priority} ${n}`, ms: 20 }, { priority }));
    const pool = createPool();
    await Promise.all(ids.map((id) => queue.result(id)));
    const lines = linesOf(file);
    // What the master takes first, when it knows of nothing more urgent yet, runs first.
    expect(lines.indexOf('high 3')).to.be.below(lines.indexOf('normal 3'));
    expect(lines.indexOf('normal 3')).to.be.below(lines.indexOf('low 3'));
    for (const priority of ['low', 'normal', 'high'])
      expect(lines.filter((line) => line.startsWith(priority))).to.deep.equal([1, 2, 3].map((n) => `${priority} ${n}`));
    await pool.exit();
  });

  it('delay - runs no earlier, and does not hold up others, however many are delayed', async () => {
    const pool = createPool();
    const began = Date.now();
    const late = await pool.submit('now', undefined, { delay: 1500 });
    // More than JetStream lets wait for an acknowledgement by default.
    await Promise.all(Array.from({ length: 1100 }, () => pool.submit('echo', 1, { delay: '1h' })));
    expect(await pool.result(await pool.submit('echo', 2))).to.equal(2);
    expect(Number(await pool.result(late)) - began).to.be.at.least(1500);
    expect((await pool.counts()).delayed).to.equal(1100);
  });

  for (const delay of [0, -5, '0s'])
    it(`delay ${JSON.stringify(delay)} - the job runs at once`, async () => {
      const pool = createPool();
      expect(await pool.result(await pool.submit('echo', 1, { delay }))).to.equal(1);
    });

  it('backoff - the next attempt comes after the pause, not at once', async () => {
    const file = newFile();
    const pool = createPool(1, { maxAttempts: 2, backoff: { initialInterval: 1000, jitter: 0.2 } });
    const began = Date.now();
    expect(await pool.result(await pool.submit('fail', { file, until: 2 }))).to.equal('attempt 2');
    expect(Date.now() - began).to.be.at.least(800);
  });

  it('a schedule that is replaced - goes on with its new data', async () => {
    const file = newFile();
    const pool = createPool();
    const cron = '* * * * * *';
    await pool.schedule('tick', { cron }, 'note', { file, line: 'old' });
    await eventually(() => linesOf(file).includes('old'), 20_000);
    await pool.schedule('tick', { cron }, 'note', { file, line: 'new' });
    await eventually(() => linesOf(file).filter((line) => line === 'new').length >= 2, 20_000);
    await pool.unschedule('tick');
    await pool.schedule('tick', { cron }, 'note', { file, line: 'again' });
    await eventually(() => linesOf(file).includes('again'), 20_000);
    await pool.unschedule('tick');
  });

  it('schedule - each occurrence runs once, however many masters have it; after unschedule, none does', async () => {
    const file = newFile();
    const pool = createPool();
    const other = new Master();
    const otherCluster = await connect(other, { servers: server.address });
    const otherPool = other.createPool(1, SLAVE, { durable: name });
    for (const each of [pool, otherPool, pool]) await each.schedule('tick', { every: '1s' }, 'note the second', { file });
    await eventually(() => linesOf(file).length >= 3, 20_000);
    expect(await pool.unschedule('tick')).to.equal(true);
    expect(await pool.unschedule('tick')).to.equal(false);
    await otherPool.exit();
    await other.exit();
    await otherCluster.close();
    await eventually(async () => (await pool.counts()).delayed === 0, 20_000);
    const seconds = linesOf(file);
    expect(new Set(seconds).size).to.equal(seconds.length);
  });

  it('schedule by cron - the next occurrence waits on the server; a wrong expression is a TypeError', async () => {
    const queue = cluster.queue(name);
    await queue.schedule('nightly', { cron: '0 3 * * *', timezone: 'Europe/Berlin' }, 'echo');
    await queue.schedule('nightly', { cron: '0 3 * * *', timezone: 'Europe/Berlin' }, 'echo');
    expect((await queue.counts()).delayed).to.equal(1);
    expect(await rejection(queue.schedule('never', { cron: 'at three' }, 'echo')))
      .to.be.instanceOf(TypeError)
      .with.property('message')
      .that.matches(/^cron must be an expression such as '0 3 \* \* \*', not 'at three'/);
    expect(await rejection(queue.schedule('both', { cron: '* * * * *', every: 1000 }, 'echo'))).to.be.instanceOf(TypeError);
  });

  it('all attempts fail - the job is a dead letter with its error, which can be sent again or discarded', async () => {
    const file = newFile();
    const pool = createPool();
    const [id, other] = [await pool.submit('fail', { file, until: 4 }), await pool.submit('fail', { file: newFile(), until: 100 })];
    const error = await rejection(pool.result(id));
    expect(error).to.be.instanceOf(JobFailedError).that.deep.includes({ code: 'JOB_FAILED', job: id, attempts: 3 });
    expect((error as { cause?: unknown }).cause)
      .to.be.instanceOf(RangeError)
      .that.deep.includes({ message: 'attempt 3', details: { n: 3 } });
    await rejection(pool.result(other));
    const dead = await deadOf(pool);
    expect(dead.map((job) => [job.id, job.task, job.attempts])).to.have.deep.members([
      [id, 'fail', 3],
      [other, 'fail', 3],
    ]);
    expect(dead.find((job) => job.id === id)?.error).to.be.instanceOf(RangeError);
    expect(await pool.resubmit(id)).to.equal(id);
    expect(await pool.result(id)).to.equal('attempt 4');
    await pool.discard(other);
    expect(await deadOf(pool)).to.deep.equal([]);
    expect(await rejection(pool.discard(other))).to.be.instanceOf(UnknownJobError);
    expect(await rejection(pool.resubmit(id))).to.be.instanceOf(UnknownJobError);
  });

  it('a discarded key - can be submitted again; a dead one cannot', async () => {
    const pool = createPool(1, { maxAttempts: 1 });
    const file = newFile();
    const submit = (): Promise<string> => pool.submit('fail', { file, until: 2 }, { key: 'k' });
    await rejection(pool.result(await submit()));
    await submit();
    expect(await rejection(pool.result('k'))).to.be.instanceOf(JobFailedError);
    await pool.discard('k');
    expect(await rejection(pool.result('k'))).to.be.instanceOf(UnknownJobError);
    await submit();
    expect(await pool.result('k')).to.equal('attempt 2');
  });

  it('keepResults has passed - the key is free, a dead letter is still known', async () => {
    createPool();
    // As a program that opened the queue before with the default of a day.
    await cluster.queue(name).counts();
    const pool = createPool(1, { keepResults: 1000, maxAttempts: 1 });
    const file = newFile();
    const submit = (): Promise<string> => pool.submit('note and wait', { file, line: 'run', ms: 0 }, { key: 'k' });
    await pool.result(await submit());
    const dead = await pool.submit('fail', { file: newFile(), until: 100 });
    await rejection(pool.result(dead));
    const isGone = async (): Promise<boolean> => (await rejection(pool.result('k'))) instanceof UnknownJobError;
    await eventually(
      async () =>
        (await pool.result('k', { signal: AbortSignal.timeout(5000) }).then(
          () => false,
          () => true,
        )) && isGone(),
    );
    await pool.result(await submit());
    expect(linesOf(file)).to.deep.equal(['run', 'run']);
    expect(await rejection(pool.result(dead))).to.be.instanceOf(JobFailedError);
  });

  it('a queue that is opened without options - keeps those that it has', async () => {
    const file = newFile();
    const pool = createPool(1, { redeliverAfter: 3000 });
    await pool.ready();
    await cluster.queue({ name, redeliverAfter: 1000 }).counts();
    await cluster.queue(name).counts();
    const connection = await connectToNats({ servers: server.address });
    const { config } = await (await jetstreamManager(connection)).consumers.info(`dist-io-jobs-${name}`, 'normal');
    expect(config.ack_wait).to.equal(1e9);
    await connection.close();
    // The pool is told that others have made it shorter.
    expect(await pool.result(await pool.submit('note and wait', { file, line: 'long', ms: 4000 }))).to.equal('long');
    expect(linesOf(file)).to.deep.equal(['long']);
  });

  it('exit with abort - what it ends does not count as an attempt', async () => {
    const file = newFile();
    const pool = createPool(1, { maxAttempts: 1 });
    const id = await pool.submit('note and wait for a second run', { file, line: 'run' });
    await eventually(() => linesOf(file).length === 1);
    await pool.exit({ pending: 'abort' });
    createPool(1, { maxAttempts: 1 });
    expect(await cluster.queue(name).result(id)).to.equal('second run');
  });

  it('rejectOnError - the error of the job is kept, and its attempts are counted as without', async () => {
    const pool = master.createPool(1, SLAVE, { rejectOnError: true, durable: { name, maxAttempts: 2, backoff: { initialInterval: 10 } } });
    const error = await rejection(pool.result(await pool.submit('fail', { file: newFile(), until: 100 })));
    expect(error).to.be.instanceOf(JobFailedError).with.nested.include({ attempts: 2, 'cause.message': 'attempt 2' });
  });

  it('a job just below the limit fails with a large error - the letter has a shorter one', async () => {
    const pool = createPool(1, { maxAttempts: 1 });
    const data = { text: 'x'.repeat(1_000_000), length: 500_000 };
    const error = await rejection(pool.result(await pool.submit('throw', data)));
    expect(error).to.be.instanceOf(JobFailedError).with.nested.property('cause.message').with.lengthOf(1000);
    expect((await deadOf(pool)).map((job) => job.task)).to.deep.equal(['throw']);
  });

  it('a job that ends its slaves - is a dead letter after its attempts, and the others run', async () => {
    const pool = createPool();
    const id = await pool.submit('exit');
    const others = await Promise.all([1, 2, 3].map((n) => pool.submit('echo', n)));
    expect(await rejection(pool.result(id)))
      .to.be.instanceOf(JobFailedError)
      .with.nested.include({ attempts: 3, 'cause.code': 'SLAVE_DIED' });
    expect(await Promise.all(others.map((other) => pool.result(other)))).to.deep.equal([1, 2, 3]);
  });

  it('a host is killed - its jobs run on another one', async () => {
    const options = { servers: server.address, insecure: true, root: FIXTURES, scripts: { durable: 'durable.js' } };
    const [one, two] = await Promise.all(['one', 'two'].map((host) => TestHost.start({ ...options, name: host })));
    const file = newFile();
    const pool = master.createPool(2, 'durable', { host: 'any', durable: { name, backoff: { initialInterval: 10 } } });
    const ids = await Promise.all(['a', 'b'].map((line) => pool.submit('note and wait', { file, line, ms: 1000 })));
    await eventually(() => linesOf(file).length === 2);
    one.child.kill('SIGKILL');
    expect(await Promise.all(ids.map((id) => pool.result(id)))).to.deep.equal(['a', 'b']);
    await pool.exit();
    await one.stop();
    await two.stop();
  });

  it('exit - finishes what it has taken, and leaves the rest on the server', async () => {
    const file = newFile();
    const pool = createPool();
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => pool.submit('note and wait', { file, line: `${i}`, ms: 50 })));
    await eventually(() => linesOf(file).length >= 2);
    await pool.exit();
    const counts = await pool.counts();
    expect(counts.active).to.equal(0);
    expect(counts.waiting + linesOf(file).length).to.equal(20);
    createPool();
    await Promise.all(ids.map((id) => pool.result(id)));
    expect(linesOf(file).sort((a, b) => Number(a) - Number(b))).to.deep.equal(Array.from({ length: 20 }, (_, i) => `${i}`));
  });

  it('an id that no job has - UnknownJobError, not a call that waits for ever', async () => {
    const error = await rejection(cluster.queue(name).result('nobody'));
    expect(error).to.be.instanceOf(UnknownJobError).that.includes({ code: 'UNKNOWN_JOB', job: 'nobody', queue: name });
    expect(await rejection(cluster.queue(name).result('a.*.>'))).to.be.instanceOf(UnknownJobError);
  });

  it('result with a signal - rejects with its reason, and the job goes on', async () => {
    const queue = cluster.queue(name);
    const id = await queue.submit('echo', 1);
    const reason = new Error('enough');
    const controller = new AbortController();
    const pending = queue.result(id, { signal: controller.signal });
    controller.abort(reason);
    expect(await rejection(pending)).to.equal(reason);
    createPool();
    expect(await queue.result(id)).to.equal(1);
  });

  it('data or a value above the limit of the server - refused with the sizes', async () => {
    const pool = createPool(1, { maxAttempts: 1 });
    expect(await rejection(pool.submit('echo', Buffer.alloc(2 ** 20)))).to.have.property('code', 'PAYLOAD_TOO_LARGE');
    const id = await pool.submit('make bytes', 2 ** 20);
    expect(await rejection(pool.result(id))).to.have.nested.property('cause.code', 'PAYLOAD_TOO_LARGE');
  });

  it('a wrong option, or no connection - a TypeError before any slave is created', async () => {
    const wrong =
      (durable: never): (() => unknown) =>
      () =>
        master.createPool(1, SLAVE, { durable });
    expect(wrong('a.b' as never)).to.throw(TypeError, `name must be letters, digits, - and _, at most 64, not 'a.b'.`);
    expect(wrong({ name: 'a', attempts: 1 } as never)).to.throw(TypeError, "There is no option 'attempts'.");
    expect(wrong({ name: 'a', redeliverAfter: 10 } as never)).to.throw(TypeError, 'redeliverAfter must be at least 1 second, not 10 ms.');
    expect(master.slaves).to.have.length(0);
    expect(() => new Master().createPool(1, SLAVE, { durable: 'a' })).to.throw(TypeError, 'await connect(master, …) of dist-io/nats');
    expect(await rejection(cluster.queue(name).submit('echo', 1, { key: 'a b' }))).to.be.instanceOf(TypeError);
  });

  it('a server without JetStream - DurableQueueError that says how to start it', async () => {
    const plain = await NatsServer.start();
    const other = new Master();
    const otherCluster = await connect(other, { servers: plain.address });
    const pool = other.createPool(1, SLAVE, { durable: 'jobs' });
    for (const pending of [pool.ready(), pool.submit('echo')])
      expect(await rejection(pending))
        .to.be.instanceOf(DurableQueueError)
        .with.property('message')
        .that.includes('-js');
    await other.exit();
    await otherCluster.close();
    await plain.stop();
  });

  it('the permissions of docs/security.md - are enough for a queue, and for no other one', async () => {
    const page = readFileSync('docs/security.md', 'utf8');
    const [, config] = /<!-- file: nats\/server.conf -->\s+```text\n(.*?)```/s.exec(page)!;
    const [, added] = /<!-- file: nats\/durable.conf -->\s+```text\n(.*?)```/s.exec(page)!;
    const [publish, subscribe] = ['publish', 'subscribe'].map((verb) => new RegExp(`${verb}: \\[(.*?)\\]`, 's').exec(added)![1].trim());
    const key = nkeys.createUser();
    const file = join(folder, 'permissions.conf');
    const text = config
      .replace('UHOSTPUBLICKEY', nkeys.createUser().getPublicKey())
      .replace('UMASTERPUBLICKEY', key.getPublicKey())
      .replace('"_INBOX.orders.>"', `"_INBOX.orders.>", ${subscribe}`)
      .replace('"dist-io.host.*.orders.>",', `"dist-io.host.*.orders.>", ${publish},`)
      .replace('DIST_IO {', 'DIST_IO {\n jetstream: enabled');
    writeFileSync(file, text);
    const closed = await NatsServer.start('-c', file, '-js', '-sd', join(folder, 'permissions'));
    const orders = new Master();
    const connection = await connect(orders, { servers: closed.address, name: 'orders', authenticator: nkeyAuthenticator(key.getSeed()) });
    const pool = orders.createPool(1, SLAVE, { durable: { name: 'invoices', maxAttempts: 1 } });
    expect(await pool.result(await pool.submit('echo', 1, { key: 'a', delay: 100 }))).to.equal(1);
    await pool.schedule('hourly', { every: '1h' }, 'echo');
    await pool.unschedule('hourly');
    await rejection(pool.result(await pool.submit('exit', undefined, { key: 'b' })));
    expect((await deadOf(pool)).map(({ id }) => id)).to.deep.equal(['b']);
    await pool.discard('b');
    expect((await pool.counts()).dead).to.equal(0);
    expect(await rejection(connection.queue('salaries').submit('echo'))).to.be.instanceOf(DurableQueueError);
    await orders.exit();
    await connection.close();
    await closed.stop();
  });

  it('examples/durable/main.js - prints the invoice and the counts', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['examples/durable/main.js'], {
      env: { ...process.env, NATS_URL: server.address },
    });
    expect(stdout).to.match(/^invoice of order 17\n\{ waiting: 0, active: 0, delayed: 2, dead: 0 \}\n$/);
  });
});
