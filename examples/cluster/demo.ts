/**
 * One command for a first look: a nats-server and two hosts on this machine, and a census of real files over both.
 *
 *     npm run demo:cluster [directory]
 *
 * On real machines, each host is started there (`npx dist-io host --config host.json`), and only the part from `connect` on is the program.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Master } from 'dist-io';
import { connect } from 'dist-io/nats';
import { takeCensus } from './take-census';

const COMMAND = join(__dirname, '../../dist/cli/main.js');
const HOSTS = ['left', 'right'];

const children: ChildProcess[] = [];

function start(command: string, ...args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  return child;
}

/** Starts a nats-server on a random port of loopback, and returns its address. */
async function startServer(folder: string): Promise<string> {
  const server = start('nats-server', '-l', join(folder, 'server.log'), '-a', '127.0.0.1', '-p', '-1', '--ports_file_dir', folder);
  await Promise.race([once(server, 'spawn'), once(server, 'error')]);
  if (server.pid === undefined) throw new Error('nats-server is not installed. Run: apt-get install nats-server (or see https://nats.io).');
  // It writes its port to a file.
  for (;;) {
    const file = readdirSync(folder).find((name) => name.endsWith('.ports'));
    const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
    if (text.endsWith('}')) return (JSON.parse(text) as { nats: string[] }).nats[0];
    await pause(10);
  }
}

/** Starts a host that offers the slave of the census. */
function startHost(name: string, servers: string, folder: string): void {
  const config = join(folder, `${name}.json`);
  const scripts = { 'file-measurer': 'census/file-measurer.ts' };
  writeFileSync(config, JSON.stringify({ name, servers, insecure: true, root: join(__dirname, '..'), scripts, maxSlaves: 4 }));
  start(process.execPath, COMMAND, 'host', '--config', config);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

async function main(directory: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dist-io-cluster-'));
  const master = new Master();
  try {
    const servers = await startServer(folder);
    for (const name of HOSTS) startHost(name, servers, folder);
    await using cluster = await connect(master, { servers });
    while ((await cluster.hosts()).length < HOSTS.length) await pause(100);
    await takeCensus(master, resolve(directory));
  } finally {
    await master.exit();
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv[2] ?? 'node_modules').catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
