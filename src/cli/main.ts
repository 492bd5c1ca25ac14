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

program.parseAsync().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
