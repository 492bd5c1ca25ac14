import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nkeyAuthenticator, nkeys } from '@nats-io/transport-node';
import { expect } from 'chai';
import { Master } from 'dist-io';
import { connect, type HostFile } from 'dist-io/nats';
import { NatsServer, TestHost } from '../support/nats';
import { rejection } from '../support/rejection';
import { temporaryFolder } from '../support/temporary-folder';

const FIXTURES = resolve('test/fixtures');

describe('nats: TLS', () => {
  const folder = temporaryFolder();
  const path = (name: string): string => join(folder, name);
  const scripts = { remote: 'remote.js' };
  const keys = { host: nkeys.createUser(), master: nkeys.createUser() };

  /** Makes a certificate for loopback, which is its own authority. */
  function createCertificate(name: string): void {
    const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], { stdio: 'ignore' });
  }

  before(() => {
    for (const name of ['server', 'client', 'stranger']) createCertificate(name);
    writeFileSync(path('host.seed'), keys.host.getSeed());
  });

  const started: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of started.splice(0).reverse()) await one.stop();
  });

  const startServer = async (tls: string, users: string): Promise<NatsServer> => {
    const config = `tls { cert_file: "${path('server.pem')}", key_file: "${path('server.key')}", ${tls} }\n${users}`;
    writeFileSync(path('server.conf'), config);
    const server = await NatsServer.start('-c', path('server.conf'));
    started.push(server);
    return server;
  };
  const startHost = async (server: NatsServer, options: Partial<HostFile>): Promise<void> => {
    started.push(
      await TestHost.start({ name: 'h1', servers: server.address.replace('nats:', 'tls:'), root: FIXTURES, scripts, ...options }),
    );
  };

  it('NKey - a host and a master work over TLS, and one that does not trust the server is refused', async () => {
    const users = [keys.host, keys.master].map((key) => `{ nkey: ${key.getPublicKey()} }`).join(', ');
    const server = await startServer('', `accounts { DIST_IO { users = [${users}] } }`);
    await startHost(server, { tls: { caFile: path('server.pem') }, nkey: path('host.seed') });
    const authenticator = nkeyAuthenticator(keys.master.getSeed());
    const master = new Master();
    const cluster = await connect(master, { servers: server.address, tls: { caFile: path('server.pem') }, authenticator });
    expect((await master.createSlave('remote', { host: 'h1' }).exec('echo', 'secret')).value).to.equal('secret');
    const distrusting = connect(new Master(), { servers: server.address, tls: { caFile: path('stranger.pem') }, authenticator });
    expect((await rejection(distrusting)).message).to.match(/certificate/i);
    await master.exit();
    await cluster.close();
  });

  it('mTLS - a host with the certificate works, one with another is refused', async () => {
    const server = await startServer(`ca_file: "${path('client.pem')}", verify: true`, '');
    const tls = { caFile: path('server.pem'), certFile: path('client.pem'), keyFile: path('client.key') };
    await startHost(server, { tls });
    const master = new Master();
    const cluster = await connect(master, { servers: server.address, tls });
    expect((await master.createSlave('remote', { host: 'h1' }).exec('echo', 1)).value).to.equal(1);
    const stranger = { ...tls, certFile: path('stranger.pem'), keyFile: path('stranger.key') };
    expect((await rejection(startHost(server, { name: 'h2', tls: stranger }))).message).to.include('The host has ended');
    await master.exit();
    await cluster.close();
  });
});
