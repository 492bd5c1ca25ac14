import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { AbortError, Master, type SlaveOptions, SpawnError, TimeoutError, UnknownTaskError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { temporaryFolder } from '../support/temporary-folder';

interface Failure {
  file: string;
  options?: SlaveOptions;
  words: RegExp;
  exitCode?: number;
  cause?: RegExp;
  stderr?: RegExp;
}

describe('faults: starts', () => {
  // Not among the fixtures, because no tool that reads JavaScript could.
  const folder = temporaryFolder();
  const broken = join(folder, 'broken.js');
  const brokenModule = join(folder, 'broken.mjs');
  before(() => {
    for (const file of [broken, brokenModule]) writeFileSync(file, 'const = ;\n');
  });

  const master = new Master({ stderr: 'ignore' });
  after(() => master.kill());

  const failures = (runtime: 'process' | 'thread'): Record<string, Failure> => ({
    'a file that is missing': { file: fixture('missing.js'), words: /no such file.*require\.resolve\('.\/slave\.js'\).*import\.meta\.url/ },
    'a folder': { file: __dirname, words: /no such file/ },
    'a syntax error': { file: broken, words: /SyntaxError: Unexpected token/, exitCode: 1, cause: /Unexpected token/ },
    'a syntax error in an ES module': {
      file: brokenModule,
      words: /SyntaxError: Unexpected token/,
      exitCode: 1,
      cause: /Unexpected token/,
    },
    'a throw on load': { file: fixture('throws-on-load.js'), words: /TypeError: thrown on load/, exitCode: 1, cause: /^thrown on load$/ },
    'a throw after a top-level await': {
      file: fixture('throws-after-await.mjs'),
      words: /it threw TypeError: thrown after an await/,
      exitCode: 1,
      cause: /^thrown after an await$/,
    },
    'a rejection on load': { file: fixture('rejects-on-load.js'), words: /rejected on load/, exitCode: 1, cause: /^rejected on load$/ },
    'an error on load that the script catches': {
      file: fixture('catches-everything.js'),
      words: /thrown and caught/,
      exitCode: 1,
      cause: /^thrown and caught$/,
    },
    'process.exit(0) on load': { file: fixture('exits-on-load.js'), words: /it ended with exit code 0 before it had loaded/, exitCode: 0 },
    'options that Node does not have': {
      file: fixture('echo.js'),
      options: { execArgv: ['--no-such-option'] },
      ...(runtime === 'process'
        ? { words: /it ended with exit code 9 before it had loaded\. Its last output/, stderr: /--no-such-option/, exitCode: 9 }
        : { words: /--no-such-option/, cause: /--no-such-option/ }),
    },
    'a working directory that is missing': {
      file: fixture('echo.js'),
      options: { cwd: join(folder, 'missing') },
      words: /its working directory .*missing does not exist/,
    },
  });

  for (const runtime of ['process', 'thread'] as const) {
    describe(`of a ${runtime}`, () => {
      for (const [name, { file, options, words, exitCode, cause, stderr }] of Object.entries(failures(runtime))) {
        it(`${name} - fails ready() and every pending exec`, async () => {
          const slave = master.createSlave(file, { ...options, runtime });
          const settled: unknown[] = [];
          slave.on('response', (response) => settled.push(response));
          const calls = await Promise.all([slave.exec('echo'), slave.exec('echo')]);
          const errors = [await rejection(slave.ready()), ...calls.map(({ error }) => error)] as unknown[] as SpawnError[];
          for (const error of errors) {
            expect(error).to.be.an.instanceOf(SpawnError);
            expect(error.message).to.match(words);
            expect(error).to.include({ code: 'SPAWN_FAILED', path: file, exitCode: exitCode ?? null, signal: null });
            if (cause !== undefined) expect((error.cause as Error).message).to.match(cause);
            if (stderr !== undefined) expect(error.stderrTail).to.match(stderr);
          }
          expect(settled).to.have.members(calls);
          expect(slave.isAlive).to.equal(false);
          expect((await slave.exec('echo')).error).to.be.an.instanceOf(SpawnError);
          expect(await slave.exit()).to.deep.equal({ id: slave.id, code: exitCode ?? null, signal: null, forced: false });
          expect([...master.slaves]).not.to.include(slave);
        });
      }

      it('a file that does not load dist-io - is a slave without tasks', async () => {
        const slave = master.createSlave(fixture('no-dist-io.js'), { runtime });
        await slave.ready();
        const { error } = await slave.exec('echo');
        expect(error).to.be.an.instanceOf(UnknownTaskError).with.deep.property('offered', []);
        expect(await slave.exit()).to.include({ code: 0, forced: false });
      });

      it('a file that has not loaded yet - times out', async () => {
        const slave = master.createSlave(fixture('never-loads.mjs'), { runtime });
        const { error } = await slave.exec('echo', undefined, { timeout: 50 });
        expect(error).to.be.an.instanceOf(TimeoutError);
        const client = slave.as<{ echo(data?: string): string }>();
        const late = await rejection(client.echo('', { timeout: 50 }));
        expect(late).to.be.an.instanceOf(TimeoutError);
        const aborted = await rejection(client.echo('', { signal: AbortSignal.timeout(50) }));
        expect(aborted).to.be.an.instanceOf(AbortError);
        await slave.kill();
      });

      it('a file that takes its time to load - is waited for', async () => {
        const slave = master.createSlave(fixture('loads-late.mjs'), { runtime });
        expect((await slave.exec('echo', 'in time')).value).to.equal('in time');
        await slave.exit();
      });

      it('a slave that did not start - causes no unhandled rejection without a call of ready()', async () => {
        const unheard: unknown[] = [];
        const listen = (reason: unknown) => void unheard.push(reason);
        process.on('unhandledRejection', listen);
        const slave = master.createSlave(fixture('throws-on-load.js'), { runtime });
        await new Promise((resolve) => slave.once('exit', resolve));
        await new Promise(setImmediate);
        process.off('unhandledRejection', listen);
        expect(unheard).to.deep.equal([]);
      });
    });
  }
});
