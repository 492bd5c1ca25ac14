import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { fixture } from './fixture';

const MOCHA = require.resolve('mocha/bin/mocha.js');

interface Report {
  failures: { fullTitle: string; err: { message: string } }[];
}

describe('leaks', () => {
  let failures: Report['failures'];

  before(async () => {
    const hooks = join(__dirname, 'leaks.ts');
    const options = ['--no-config', '--reporter=json', '--require=ts-node/register/transpile-only', `--require=${hooks}`];
    const run = promisify(execFile)(process.execPath, [MOCHA, ...options, fixture('leaky-suites.js')]);
    // It fails, as it should.
    const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
    failures = (JSON.parse(stdout) as Report).failures;
  });

  it('leaks - only the suite that leaks fails', () => {
    expect(failures).to.have.length(1);
    expect(failures[0].fullTitle).to.match(/^untidy "after all" hook/);
    expect(failures[0].err.message).to.contain(`The suite 'untidy' left behind:`);
  });

  for (const [what, words] of [
    ['slave', /- the slave 1 of the shared master, running .*echo\.js/],
    ['process', /- the process \d+: .*setInterval/],
    ['thread', /- the worker thread \d+/],
    ['timer', /- Timeout/],
    ['temporary folder', /- the temporary file leaky-/],
    ['listener', /- (\d × )?listener of SIGTERM/],
  ] as const) {
    it(`leaks - the error names a leaked ${what}`, () => expect(failures[0].err.message).to.match(words));
  }
});
