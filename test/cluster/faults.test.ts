import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { LinkLostError, Master, type SlaveHandle } from 'dist-io';
import { type Cluster, connect, type HostFile } from 'dist-io/nats';
import { eventually } from '../support/eventually';
import { NatsServer, TestHost } from '../support/nats';
import { TcpProxy } from '../support/tcp-proxy';
import { temporaryFolder } from '../support/temporary-folder';

const HEARTBEAT = 200;

describe('nats: faults', () => {
  const folder = temporaryFolder();
  let files = 0;
  let server: NatsServer;
  let network: TcpProxy;
  let host: TestHost;
  let master: Master;
  let cluster: Cluster;
  let slave: SlaveHandle;

  const startHost = (options: Partial<HostFile> = {}): Promise<TestHost> =>
    TestHost.start({
      name: 'h1',
      servers: network.address,
      insecure: true,
      root: join(process.cwd(), 'test/fixtures'),
      scripts: { remote: 'remote.js' },
      ...options,
    });
  const newFile = (): string => join(folder, `executions ${files++}`);
  const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const isAlive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      // One that has ended may still wait for its parent.
      return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    } catch {
      return false;
    }
  };
  const begun = (file: string): Promise<void> =>
    eventually(() => {
      try {
        return linesOf(file).length > 0;
      } catch {
        return false;
      }
    });

  beforeEach(async () => {
    server = await NatsServer.start();
    network = await TcpProxy.start(() => server.port);
    host = await startHost();
    master = new Master();
    cluster = await connect(master, { servers: server.address, heartbeat: HEARTBEAT });
    slave = master.createSlave('remote', { host: 'h1' });
    await slave.ready();
  });
  afterEach(async () => {
    await master.exit({ pending: 'abort' });
    await cluster.close();
    await host.stop();
    await network.stop();
    await server.stop();
  });

  it('host killed - what it had is reported as lost, its slaves end, and ready slaves need another start', async () => {
    const file = newFile();
    const pending = slave.exec('note and wait', { file, line: 'once', ms: 60_000 });
    await begun(file);
    host.child.kill('SIGKILL');
    const { error } = await pending;
    expect(error).to.be.instanceOf(LinkLostError).that.includes({ code: 'LINK_LOST', host: 'h1', mayHaveExecuted: true });
    await eventually(() => !isAlive(slave.pid!));
    expect(linesOf(file)).to.deep.equal(['once']);
    expect((await slave.exec('echo', 1)).error)
      .to.be.instanceOf(LinkLostError)
      .that.includes({ mayHaveExecuted: false });
  });

  it('host killed - a supervised slave goes on at another host, and what may run twice does', async () => {
    const file = newFile();
    const other = await startHost({ name: 'h2' });
    const supervised = master.createSlave('remote', { host: ['h1', 'h2'], restart: 'permanent' });
    await supervised.ready();
    const victim = (await supervised.exec('env')).ok && host.events('start').some(({ pid }) => pid === supervised.pid) ? host : other;
    const pending = supervised.exec('note and wait', { file, line: 'again', ms: 1000 }, { retries: 1 });
    await begun(file);
    victim.child.kill('SIGKILL');
    expect((await pending).unwrap()).to.equal('again');
    expect(linesOf(file)).to.deep.equal(['again', 'again']);
    await supervised.exit();
    await other.stop();
  });

  it('host stopped (SIGSTOP) - what it had is reported as lost; when it goes on, it ends its slaves', async () => {
    const { pid } = slave;
    host.child.kill('SIGSTOP');
    const { error } = await slave.exec('echo', 1);
    expect(error).to.be.instanceOf(LinkLostError);
    host.child.kill('SIGCONT');
    await eventually(() => !isAlive(pid!));
    expect((await master.createSlave('remote', { host: 'h1' }).exec('echo', 2)).value).to.equal(2);
  });

  it('server restarted - what was pending is answered, once', async () => {
    const file = newFile();
    const pending = [
      slave.exec('note and wait', { file, line: 'long', ms: 300 }),
      ...Array.from({ length: 200 }, (_, i) => slave.exec('note', { file, line: String(i) })),
    ];
    await begun(file);
    server = await server.restart();
    const answers = await Promise.all(pending);
    // A restart that takes longer than the heartbeats loses the link, which is reported.
    if (answers.every(({ ok }) => ok)) expect(linesOf(file)).to.have.length(201);
    else for (const { error } of answers) expect(error === null || error instanceof LinkLostError).to.equal(true);
    expect(new Set(linesOf(file)).size).to.equal(linesOf(file).length);
  });

  it('server gone - what was pending is reported as lost, and so is what comes later', async () => {
    const pending = slave.exec('block', 60_000);
    await server.stop();
    expect((await pending).error).to.be.instanceOf(LinkLostError);
    expect((await slave.exec('echo', 1)).error).to.be.instanceOf(LinkLostError);
    expect(
      await master
        .createSlave('remote', { host: 'h1' })
        .ready()
        .catch((error: unknown) => error),
    ).to.be.an('error');
  });

  it('short interruption - nothing is lost and nothing runs twice', async () => {
    const file = newFile();
    const pending = Array.from({ length: 500 }, (_, i) => slave.exec('note', { file, line: String(i) }));
    network.reset();
    const more = Array.from({ length: 500 }, (_, i) => slave.exec('note', { file, line: String(500 + i) }));
    expect((await Promise.all([...pending, ...more])).map(({ value }) => value)).to.deep.equal(
      Array.from({ length: 1000 }, (_, i) => String(i)),
    );
    expect(linesOf(file)).to.have.length(1000);
  });

  for (const direction of ['both', 'to server', 'to client'] as const)
    it(`partition, ${direction} - what was pending is reported as lost, after the host has ended the slave`, async () => {
      const file = newFile();
      const { pid } = slave;
      const pending = slave.exec('note and wait', { file, line: 'once', ms: 60_000 });
      await begun(file);
      network.cut(direction);
      expect((await pending).error)
        .to.be.instanceOf(LinkLostError)
        .that.includes({ mayHaveExecuted: true });
      await eventually(() => !isAlive(pid!));
      network.heal();
      await eventually(async () => (await cluster.hosts()).length === 1, 20_000);
      expect((await master.createSlave('remote', { host: 'h1' }).exec('echo', 2)).value).to.equal(2);
      expect(linesOf(file)).to.deep.equal(['once']);
    });

  it('slow link - everything is answered', async () => {
    network.slow(30);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => slave.exec('echo', i)));
    expect(answers.map(({ value }) => value)).to.deep.equal(Array.from({ length: 100 }, (_, i) => i));
  });

  it('long computation - a slave that is blocked for many heartbeats is not lost', async () => {
    expect((await slave.exec('block', 10 * HEARTBEAT)).unwrap()).to.equal('done');
  });

  it('large payloads - do not hold up the small ones of other slaves', async () => {
    // The default heartbeat: those of the other tests are shorter than the time that the data on its way takes on a busy machine.
    await slave.exit();
    const patient = new Master();
    const patientCluster = await connect(patient, { servers: server.address });
    const [first, second] = patient.createSlaves(2, 'remote', { host: 'h1' });
    await Promise.all([first.ready(), second.ready()]);
    const order: string[] = [];
    const large = first
      .exec('echo', new Uint8Array(64 * 2 ** 20))
      .then((response) => response.unwrap())
      .then((value) => order.push(`large ${(value as Uint8Array).length}`));
    const small = second.exec('echo', 'small').then(({ value }) => order.push(value as string));
    await Promise.all([large, small]);
    expect(order).to.deep.equal(['small', `large ${64 * 2 ** 20}`]);
    await patient.exit();
    await patientCluster.close();
  });

  it('host ends (SIGTERM) - it takes no more slaves, finishes what runs, and leaves', async () => {
    const file = newFile();
    const pending = slave.exec('note and wait', { file, line: 'finished', ms: 300 });
    await begun(file);
    host.child.kill('SIGTERM');
    await eventually(() => host.has('draining'));
    const refused = await master
      .createSlave('remote', { host: 'h1' })
      .ready()
      .catch((error: unknown) => (error as Error).cause);
    expect(refused).to.include({ code: 'HOST_REFUSED', reason: 'draining', host: 'h1' });
    expect((await pending).value).to.equal('finished');
    await slave.exit();
    await eventually(() => host.child.exitCode === 0);
  });

  it('host drains - supervised slaves move to another host, without losing a request', async () => {
    const other = await startHost({ name: 'h2' });
    const slaves = master.createSlaves(2, 'remote', { host: { gpu: '!=none' }, restart: 'permanent' });
    await Promise.all([...slaves].map((one) => one.ready()));
    const old = [...slaves].map((one) => one.pid);
    const moved = [...slaves].filter((one) => one.host === 'h1');
    expect(moved).to.have.length(1);
    const file = newFile();
    const pending = Array.from({ length: 20 }, (_, i) => slaves[i % 2].exec('note and wait', { file, line: String(i), ms: 20 }));
    await slave.exit();
    await promisify(execFile)(process.execPath, ['dist/cli/main.js', 'host', 'drain', 'h1', '--servers', server.address]);
    await eventually(() => host.child.exitCode === 0);
    expect((await Promise.all(pending)).map(({ value }) => value)).to.deep.equal(Array.from({ length: 20 }, (_, i) => String(i)));
    expect(linesOf(file)).to.have.length(20);
    for (const one of slaves) expect((await one.exec('echo', 'there')).value).to.equal('there');
    expect([...slaves].map((one) => one.host)).to.deep.equal(['h2', 'h2']);
    expect([...slaves].map((one) => old.includes(one.pid))).to.have.members([true, false]);
    await slaves.exit();
    await other.stop();
  });

  it('master gone - its slaves end', async () => {
    const { pid } = slave;
    await cluster.close();
    await eventually(() => !isAlive(pid!));
    expect((await slave.exec('echo', 1)).error).to.be.instanceOf(LinkLostError);
  });
});
