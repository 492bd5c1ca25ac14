import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { connect as connectToNats } from '@nats-io/transport-node';
import { expect } from 'chai';
import type { HostFile } from 'dist-io/nats';
import { NatsServer, TestHost } from '../support/nats';
import { rejection } from '../support/rejection';

const run = promisify(execFile);
const COMMAND = resolve('dist/cli/main.js');

describe('nats: commands and examples', () => {
  const folder = resolve('examples/cluster');
  let server: NatsServer;
  let host: TestHost;

  before(async () => {
    server = await NatsServer.start();
    const config = JSON.parse(readFileSync(`${folder}/host.json`, 'utf8')) as HostFile;
    host = await TestHost.start({ ...config, servers: server.address, root: folder });
  });
  after(async () => {
    await host.stop();
    await server.stop();
  });

  it('dist-io hosts - lists the hosts, as a table and as JSON', async () => {
    const { stdout: table } = await run(process.execPath, [COMMAND, 'hosts', '--servers', server.address]);
    expect(table).to.match(/h1.*0 of 8.*greeter.*gpu=true.*ready/);
    const { stdout: json } = await run(process.execPath, [COMMAND, 'hosts', '--json', '--servers', server.address]);
    expect(JSON.parse(json)).to.have.nested.property('[0].scripts.greeter.hash').that.has.length(64);
  });

  it('dist-io host - without --config, with a wrong one, or without a server, it says what is wrong', async () => {
    const fails = async (...args: string[]): Promise<string> =>
      run(process.execPath, [COMMAND, ...args]).then(
        () => 'no error',
        (error: unknown) => {
          const { code, stderr } = error as { code: number; stderr: string };
          return `${code} ${stderr}`;
        },
      );
    expect(await fails('host')).to.include('--config');
    expect(await fails('host', '--config', 'missing.json')).to.match(/^1 missing.json cannot be read/);
    expect(await fails('hosts', '--servers', 'nats://127.0.0.1:1')).to.match(/^1 /);
    const twin = TestHost.start({ name: 'h1', servers: server.address, insecure: true, scripts: {} });
    expect((await rejection(twin)).message).to.include("Another host is called 'h1'");
  });

  it('examples/cluster/main.js - prints greetings from the host', async () => {
    const { stdout } = await run(process.execPath, [`${folder}/main.js`], { env: { ...process.env, NATS_URL: server.address } });
    const greetings = ['Bob', 'Cid', 'Dee', 'Eve'].map((name) => `Hello ${name}! from h1`);
    expect(stdout.trim().split('\n')).to.deep.equal(['Hello Ann!', ...greetings]);
  });

  it('examples/cluster/demo.ts - takes a census over two hosts', async () => {
    const { stdout } = await run(process.execPath, ['--require', 'ts-node/register/transpile-only', `${folder}/demo.ts`, 'src']);
    expect(stdout)
      .to.match(/'left'/)
      .and.match(/'right'/);
  });

  it('service protocol - the tools of NATS see the host', async () => {
    const connection = await connectToNats({ servers: server.address });
    const ask = async (subject: string): Promise<Record<string, unknown>> => (await connection.request(subject)).json();
    const ping = await ask('$SRV.PING.dist-io-host');
    expect(ping).to.include({ type: 'io.nats.micro.v1.ping_response', name: 'dist-io-host' });
    expect(await ask(`$SRV.INFO.dist-io-host.${ping.id as string}`)).to.have.nested.property('endpoints[0].subject', 'dist-io.hosts');
    expect(await ask('$SRV.STATS')).to.have.nested.property('endpoints[0].data.maxSlaves', 8);
    await connection.close();
  });
});
