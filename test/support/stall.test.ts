import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { fixture } from './fixture';
import { gone } from './program';

const MOCHA = require.resolve('mocha/bin/mocha.js');

describe('stall', () => {
  it('stall - a test that blocks its thread fails the run, is named, and is ended', async () => {
    const options = ['--no-config', '--require=ts-node/register/transpile-only', `--require=${join(__dirname, 'leaks.ts')}`];
    const files = ['blocks', 'passes'].map((name) => fixture(`stalling/${name}.js`));
    const args = [MOCHA, ...options, `--reporter=${join(__dirname, 'reporter.js')}`, '--parallel', '--jobs=2', ...files];
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      const env = { ...process.env, DIST_IO_TEST_STALL: '8000' };
      execFile(process.execPath, args, { env }, (error, _stdout, stderr) => resolve({ code: error?.code, stderr }));
    });
    expect(code).to.equal(1);
    const [, file, pid] = /^- (.*): stalling blocks the thread of process (\d+)$/m.exec(stderr)!;
    expect(file).to.equal(files[0]);
    await gone(Number(pid));
  });
});
