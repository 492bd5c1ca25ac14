/** For `npm run test:cluster`: one nats-server and one host, on which the contract suite runs. */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NatsServer, TestHost } from '../support/nats';

const FIXTURES = resolve('test/fixtures');

/** The variable that tells the workers of mocha where the server is. */
export const SERVER_VARIABLE = 'DIST_IO_TEST_SERVER';

/** The name of the host. */
export const HOST = 'contract';

let server: NatsServer | undefined;
let host: TestHost | undefined;

export async function mochaGlobalSetup(): Promise<void> {
  server = await NatsServer.start();
  // A script is called like its file, so that the tests need not know where it runs.
  const files = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((file) => /\.[cm]?[jt]s$/.test(file));
  const scripts = Object.fromEntries(files.map((file) => [join(FIXTURES, file), file]));
  host = await TestHost.start({ name: HOST, servers: server.address, insecure: true, root: FIXTURES, scripts, maxSlaves: 10_000 });
  process.env[SERVER_VARIABLE] = server.address;
}

export async function mochaGlobalTeardown(): Promise<void> {
  await host?.stop();
  await server?.stop();
}
