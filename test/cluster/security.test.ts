import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connect as connectToNats, type NatsConnection, nkeyAuthenticator, nkeys } from '@nats-io/transport-node';
import { expect } from 'chai';
import { Master, type SlaveHandle, type SlaveOptions } from 'dist-io';
import { type Cluster, connect } from 'dist-io/nats';
import { listHosts } from '../../src/nats/ask-hosts';
import { drainHost } from '../../src/nats/drain-host';
import { eventually } from '../support/eventually';
import { NatsServer, TestHost } from '../support/nats';
import { rejection } from '../support/rejection';
import { temporaryFolder } from '../support/temporary-folder';

const FIXTURES = resolve('test/fixtures');

describe('nats: security', () => {
  const folder = temporaryFolder();

  const keys = { host: nkeys.createUser(), master: nkeys.createUser() };

  /** The configuration that docs/security.md shows, with keys. */
  function documentedConfig(): string {
    const [, text] = /<!-- file: nats\/server.conf -->\s+```text\n(.*?)```/s.exec(readFileSync('docs/security.md', 'utf8'))!;
    return text.replace('UHOSTPUBLICKEY', keys.host.getPublicKey()).replace('UMASTERPUBLICKEY', keys.master.getPublicKey());
  }

  const startServer = async (config: string): Promise<NatsServer> => {
    const file = join(folder, 'server.conf');
    writeFileSync(file, config);
    return NatsServer.start('-c', file);
  };

  describe('host', () => {
    let server: NatsServer;
    let host: TestHost;
    let stranger: NatsConnection;
    let master: Master;
    let cluster: Cluster;
    const root = join(folder, 'root');

    before(async () => {
      mkdirSync(root);
      for (const name of ['one', 'two'])
        writeFileSync(join(root, `${name}.js`), `require(${JSON.stringify(join(FIXTURES, 'remote.js'))});`);
      writeFileSync(join(folder, 'elsewhere.js'), 'process.exit(9)');
      server = await NatsServer.start();
      const scripts = { one: 'one.js', two: 'two.js' };
      const env = { SECRET: 'token', GIVEN: 'yes' };
      host = await TestHost.start(
        { name: 'h1', servers: server.address, insecure: true, root, scripts, maxSlaves: 3, env: ['GIVEN'] },
        env,
      );
      stranger = await connectToNats({ servers: server.address });
      master = new Master();
      cluster = await connect(master, { servers: server.address });
    });
    after(async () => {
      await master.exit({ pending: 'abort' });
      await cluster.close();
      await stranger.close();
      await host.stop();
      await server.stop();
    });

    const forged = {
      ...{ protocol: 1, session: 'forged', script: 'one', hash: null, id: 0, alias: null, group: null, title: null },
      ...{ args: [], maxPayload: null, hasData: false, heartbeat: 1000 },
    };
    const ask = async (request: unknown): Promise<unknown> => {
      const text = typeof request === 'string' ? request : JSON.stringify(request);
      return (await stranger.request('dist-io.host.h1.stranger.start', text, { timeout: 5000 })).json();
    };

    it('environment - a slave gets only what the configuration names', async () => {
      const slave = master.createSlave('one', { host: 'h1' });
      const env = (await slave.exec('env')).unwrap() as Record<string, string>;
      expect(env).to.include({ GIVEN: 'yes' }).and.not.have.any.keys('SECRET', 'DIST_IO_TEST_SERVER');
      await slave.exit();
    });

    for (const options of [
      { cwd: '/' },
      { env: { LD_PRELOAD: 'x' } },
      { execPath: '/bin/sh' },
      { execArgv: ['--inspect'] },
      { runtime: 'thread' },
    ] as SlaveOptions[])
      it(`options - ${JSON.stringify(options)} is refused by the master, at once`, () => {
        expect(() => master.createSlave('one', { host: 'h1', ...options })).to.throw(TypeError, 'on another machine');
      });

    for (const script of ['', '../elsewhere.js', 'one.js', '/bin/sh', '__proto__', 'constructor', 'toString', 'one\0'])
      it(`scripts - ${JSON.stringify(script)} starts nothing`, async () => {
        expect(await ask({ ...forged, script })).to.include({ accepted: false, reason: 'unknown script' });
        expect(host.events('start').map(({ master }) => master)).not.to.include('stranger');
      });

    for (const [title, request] of Object.entries<unknown>({
      'no JSON': '{',
      'an array': [],
      'a number': 5,
      'a hash that is no string': { ...forged, hash: 5 },
      'another protocol': { ...forged, protocol: 99 },
      'a session that could be another subject': { ...forged, session: 'a.b.>' },
      'too many arguments': { ...forged, args: Array(1000).fill('x') },
      'arguments that are no strings': { ...forged, args: [{}] },
      'a huge title': { ...forged, title: 'x'.repeat(100_000) },
      'an id that is no number': { ...forged, id: '0' },
      'deep nesting': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    }))
      it(`requests - ${title} starts nothing`, async () => {
        expect(await ask(request)).to.include({ accepted: false, reason: 'version' });
        expect(host.events('start').map(({ master }) => master)).not.to.include('stranger');
        expect(host.has('refused')).to.equal(true);
      });

    it('requests - further fields, such as a command, change nothing', async () => {
      const slave = await ask({
        ...forged,
        session: 'more',
        execPath: '/bin/false',
        execArgv: ['-e', '0'],
        cwd: '/',
        env: { A: 'b' },
        file: '/bin/sh',
      });
      expect(slave).to.include({ accepted: true });
      stranger.publish('dist-io.host.h1.stranger.gone.more');
      await eventually(() => host.events('exit').some(({ session }) => session === 'more'));
    });

    it('packets - garbage, and packets for the slave of another master, do nothing', async () => {
      const slave = master.createSlave('one', { host: 'h1' });
      await slave.ready();
      const [{ session, master: owner }] = host.events('start').filter(({ pid }) => pid === slave.pid);
      for (const bytes of [Buffer.alloc(0), Buffer.alloc(5, 1), Buffer.alloc(1000, 255)]) {
        stranger.publish(`dist-io.host.h1.stranger.packet.${session as string}`, bytes);
        stranger.publish(`dist-io.master.${owner as string}.h1.packet.${session as string}`, bytes);
        stranger.publish(`dist-io.master.${owner as string}.h9.packet.${session as string}`, bytes);
      }
      stranger.publish(`dist-io.host.h1.stranger.gone.${session as string}`);
      stranger.publish(`dist-io.master.${owner as string}.h9.gone.${session as string}`);
      await stranger.flush();
      expect((await slave.exec('echo', 1)).value).to.equal(1);
      await slave.exit();
    });

    it('full - one slave more than maxSlaves is refused at once', async () => {
      const slaves = [...master.createSlaves(3, 'one', { host: 'h1' })];
      await Promise.all(slaves.map((slave) => slave.ready()));
      const error = await rejection(master.createSlave('one', { host: 'h1' }).ready());
      expect(error.cause).to.include({ code: 'HOST_REFUSED', reason: 'full', host: 'h1' });
      await master.exit();
    });

    it('files - one that was exchanged, or became a link to elsewhere, is not started', async () => {
      const file = join(root, 'two.js');
      writeFileSync(file, 'process.exit(9)');
      const exchanged = await rejection(master.createSlave('two', { host: 'h1' }).ready());
      expect(exchanged.cause).to.include({ reason: 'not allowed' });
      unlinkSync(file);
      symlinkSync(join(folder, 'elsewhere.js'), file);
      const linked = await rejection(master.createSlave('two', { host: 'h1' }).ready());
      expect(linked.cause).to.include({ reason: 'not allowed' });
    });

    it('end - the host forgets slaves that have ended, without waiting for the lease of their master', async () => {
      const other = new Master();
      const connected = await connect(other, { servers: server.address, heartbeat: '1m', name: 'short' });
      await other.createSlave('one', { host: 'h1' }).ready();
      await other.exit();
      await connected.close();
      const { session } = host.events('start').find(({ master }) => master === 'short')!;
      let isForgotten = false;
      stranger.subscribe(`dist-io.master.short.h1.gone.${session as string}`, {
        callback: () => {
          isForgotten = true;
        },
      });
      await eventually(() => {
        stranger.publish(`dist-io.host.h1.short.packet.${session as string}`);
        return isForgotten;
      });
    });

    it('log - has no arguments and no data', async () => {
      const slave = master.createSlave('one', { host: 'h1', args: ['--password=hidden'], data: { token: 'hidden' } });
      expect((await slave.exec('args')).value).to.deep.equal(['--password=hidden']);
      await slave.exit();
      expect(JSON.stringify(host.log)).not.to.include('hidden');
    });
  });

  describe('quotas', () => {
    let server: NatsServer;
    let host: TestHost;
    before(async () => {
      server = await NatsServer.start();
      const quotas = { maxSlaves: 10, maxSlavesOfMaster: 2, startsPerMinute: 3, maxHeap: '64mb' };
      host = await TestHost.start({
        name: 'h1',
        servers: server.address,
        insecure: true,
        root: FIXTURES,
        scripts: { remote: 'remote.js' },
        ...quotas,
      });
    });
    after(async () => {
      await host.stop();
      await server.stop();
    });

    it('quotas - hold for each master, and the heap of a slave is limited', async () => {
      const masters = [new Master(), new Master()];
      const clusters = await Promise.all(masters.map((master) => connect(master, { servers: server.address })));
      const create = (master: Master): SlaveHandle => master.createSlave('remote', { host: 'h1' });
      const [first, second] = masters;
      const slaves = [create(first), create(first)];
      await Promise.all(slaves.map((slave) => slave.ready()));
      expect((await slaves[0].exec('heap limit')).value).to.be.lessThan(200 * 2 ** 20);
      const third = await rejection(create(first).ready());
      expect(third.cause).to.include({ reason: 'full' });
      expect(third.message).to.include('maxSlavesOfMaster');
      await create(second).ready();
      await slaves[0].exit();
      const replacement = create(first);
      await replacement.ready();
      await replacement.exit();
      expect((await rejection(create(first).ready())).message).to.include('startsPerMinute');
      for (const master of masters) await master.exit();
      for (const cluster of clusters) await cluster.close();
    });
  });

  describe('permissions of docs/security.md', () => {
    let server: NatsServer;
    let host: TestHost;

    before(async () => {
      server = await startServer(documentedConfig());
      const nkey = join(folder, 'h1.seed');
      writeFileSync(nkey, keys.host.getSeed());
      const scripts = { remote: 'remote.js' };
      host = await TestHost.start({ name: 'h1', servers: server.address, insecure: true, nkey, root: FIXTURES, scripts });
    });
    after(async () => {
      await host.stop();
      await server.stop();
    });

    const credentials = { name: 'orders', authenticator: nkeyAuthenticator(keys.master.getSeed()) };

    it('master - everything works', async () => {
      const master = new Master();
      const cluster = await connect(master, { servers: server.address, ...credentials });
      expect((await cluster.hosts()).map(({ name }) => name)).to.deep.equal(['h1']);
      const slave = master.createSlave('remote', { host: 'any' });
      expect((await slave.exec('count', 3)).value).to.deep.equal([0, 1, 2]);
      await master.exit();
      await cluster.close();
    });

    it('administrator - the commands work with the permissions that the page names, and a master may not drain', async () => {
      const admin = nkeys.createUser();
      const permissions = '{ publish: ["dist-io.hosts", "dist-io.admin.*.drain"], subscribe: ["_INBOX.>"] }';
      const user = `{ nkey: ${admin.getPublicKey()}, permissions: ${permissions} }`;
      writeFileSync(join(folder, 'server.conf'), documentedConfig().replace('users = [', `users = [ ${user}`));
      execFileSync('kill', ['-HUP', String(server.pid)]);
      const options = { servers: server.address, authenticator: nkeyAuthenticator(admin.getSeed()), maxReconnectAttempts: 0 };
      await eventually(() =>
        listHosts(options).then(
          (hosts) => hosts.length === 1,
          () => false,
        ),
      );
      await rejection(drainHost('h1', { ...options, ...credentials, inboxPrefix: '_INBOX.orders' }));
      expect(host.has('draining')).to.equal(false);
    });

    for (const [title, wrong] of Object.entries({
      'no credentials': {},
      'a password': { user: 'orders', pass: 'secret' },
      'another key': { authenticator: nkeyAuthenticator(nkeys.createUser().getSeed()) },
    }))
      it(`credentials - ${title}: refused`, async () => {
        const error = await rejection(connect(new Master(), { servers: server.address, ...wrong }));
        expect(error.message).to.match(/authorization violation/i);
      });

    it('subjects - those of other masters and hosts are refused by the server', async () => {
      const connection = await connectToNats({
        servers: server.address,
        authenticator: credentials.authenticator,
        inboxPrefix: '_INBOX.orders',
      });
      const refused: string[] = [];
      void (async () => {
        for await (const status of connection.status()) if (status.type === 'error') refused.push(status.error.message);
      })();
      const forbidden = [
        'dist-io.host.h1.billing.start',
        'dist-io.master.billing.h1.beat',
        'dist-io.master.orders.h1.packet.x',
        '$SRV.PING',
      ];
      for (const subject of forbidden) connection.publish(subject, 'x');
      for (const subject of ['dist-io.master.billing.>', 'dist-io.host.h1.>', 'dist-io.>', '>', '_INBOX.billing.>'])
        connection.subscribe(subject, { callback: () => undefined });
      await connection.flush();
      await eventually(() => refused.length === forbidden.length + 5);
      await connection.close();
    });

    it('revoked - the slaves of a master whose user was removed end, and its requests settle', async () => {
      const master = new Master();
      const cluster = await connect(master, { servers: server.address, heartbeat: 200, ...credentials });
      const slave = master.createSlave('remote', { host: 'h1' });
      await slave.ready();
      const pending = slave.exec('block', 60_000);
      writeFileSync(join(folder, 'server.conf'), documentedConfig().replace(keys.master.getPublicKey(), nkeys.createUser().getPublicKey()));
      execFileSync('kill', ['-HUP', String(server.pid)]);
      expect((await pending).error).to.include({ code: 'LINK_LOST' });
      await eventually(() => host.has('exit') || host.has('lease expired'));
      await cluster.close();
    });
  });
});
