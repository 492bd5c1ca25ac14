import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { Master } from 'dist-io';
import { type Cluster, connect } from 'dist-io/nats';
import { NatsServer, TestHost } from '../support/nats';
import { rejection } from '../support/rejection';
import { temporaryFolder } from '../support/temporary-folder';

describe('nats: versions of a script', () => {
  const root = temporaryFolder();
  let server: NatsServer;
  let hosts: TestHost[];
  let master: Master;
  let cluster: Cluster;

  before(async () => {
    server = await NatsServer.start();
    const start = (name: string, version: string): Promise<TestHost> => {
      writeFileSync(join(root, `${version}.js`), `require(${JSON.stringify(resolve('dist'))}).Slave.task('version', () => '${version}');`);
      const scripts = { thumbs: { file: `${version}.js`, version } };
      return TestHost.start({ name, servers: server.address, insecure: true, root, scripts, maxSlaves: 3 });
    };
    hosts = await Promise.all([start('old', '1.4.0'), start('new', '2.0.0')]);
    master = new Master();
    cluster = await connect(master, { servers: server.address });
  });
  after(async () => {
    await master.exit();
    await cluster.close();
    for (const host of hosts) await host.stop();
    await server.stop();
  });
  afterEach(() => master.exit());

  it('range - the slaves run on the hosts that offer such a version', async () => {
    const slaves = master.createSlaves(3, 'thumbs', { host: 'any', version: '^2' });
    expect((await slaves.exec('version')).values).to.deep.equal(['2.0.0', '2.0.0', '2.0.0']);
  });

  it('same - all run the file that the first one got, and one more is refused when its hosts are full', async () => {
    const slaves = master.createSlaves(3, 'thumbs', { host: 'any', version: 'same' });
    const versions = (await slaves.exec('version')).values;
    expect(new Set(versions).size).to.equal(1);
    const error = await rejection(master.createSlave('thumbs', { host: 'any', version: 'same' }).ready());
    expect(error.cause).to.include({ code: 'HOST_REFUSED' });
    await master.exit();
    expect((await master.createSlave('thumbs', { host: 'any', version: 'same' }).exec('version')).ok).to.equal(true);
  });

  it('named host - one that offers another version is refused, with what there is', async () => {
    const error = await rejection(master.createSlave('thumbs', { host: 'old', version: '^2' }).ready());
    expect(error.message).to.include('They offer: old 1.4.0.');
  });

  it('version - without host, it throws', () => {
    expect(() => master.createSlave('thumbs', { version: '^2' })).to.throw(TypeError, "'version' needs 'host'");
  });
});
