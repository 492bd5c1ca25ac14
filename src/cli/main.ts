#!/usr/bin/env node
/** The command `dist-io`. The code of a subcommand is loaded when it is called. */
import { Command } from 'commander';
import { version } from './package';

const program = new Command('dist-io').description('Distributed, message-passing programming for Node.').version(version);

program
  .command('init')
  .description('start a project from a template; without one, list the templates')
  .argument('[template]', 'which template')
  .argument('[folder]', 'where to put it', '.')
  .action(async (template: string | undefined, folder: string) => (await import('./init.js')).init(template, folder));

const SERVERS = ['--servers <address>', 'the NATS server', 'nats://127.0.0.1:4222'] as const;
const SERVER_CONFIG = ['--config <file>', 'a file with servers, tls, and credentials or nkey'] as const;

const host = program
  .command('host')
  // `host` and `host drain` have an option of the same name.
  .enablePositionalOptions()
  .description('run slaves on this machine for masters on others')
  .option('--config <file>', 'the configuration of the host')
  .action(async ({ config }: { config?: string }) => (await import('./host.js')).host(config));

host
  .command('drain')
  .description('let a host take no more slaves, move the supervised ones to others, and leave')
  .argument('<name>', 'which host')
  .option(...SERVERS)
  .option(...SERVER_CONFIG)
  .action(async (name: string, options: { servers: string; config?: string }) => (await import('./drain.js')).drain(name, options));

program
  .command('hosts')
  .description('list the hosts: load, free capacity, versions, scripts')
  .option(...SERVERS)
  .option(...SERVER_CONFIG)
  .option('--json', 'print JSON')
  .action(async (options: { servers: string; config?: string; json?: boolean }) => (await import('./hosts.js')).hosts(options));

program.parseAsync().catch((error: unknown) => {
  const { message } = error as Error;
  const isMissing = message.startsWith("Cannot find module '@nats-io");
  console.error(isMissing ? 'Hosts need the library of NATS. Run: npm install @nats-io/transport-node' : message);
  process.exitCode = 1;
});
