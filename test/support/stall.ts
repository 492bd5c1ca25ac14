/**
 * A test that blocks its thread, in an endless loop or a read of a pipe, is out of reach of mocha's timeout: its worker never answers, and
 * the run would wait for it without end. So the process that waits fails the run, and names the tests that are running.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Runner, Test } from 'mocha';
import { descendants, lives } from './program';

/** In ms without news. The results of a file arrive together, and the slowest takes a minute. */
const LIMIT = Number(process.env.DIST_IO_TEST_STALL ?? 240_000);

/** In the temporary folder of a worker: the test that it runs. */
const RUNNING = 'running-test';

/** Called by a worker before each test, since it cannot tell once it is blocked. */
export function noteTest(folder: string, test: Test): void {
  writeFileSync(join(folder, RUNNING), `${test.file}: ${test.fullTitle()}`);
}

/** Called by the process that waits for the workers. */
export function failWhenStalled(runner: Runner): void {
  let newest = Date.now();
  for (const event of ['test end', 'suite end', 'end']) runner.on(event, () => (newest = Date.now()));
  const timer = setInterval(() => {
    if (Date.now() - newest > LIMIT) fail();
  }, LIMIT / 20);
  timer.unref();
}

function fail(): never {
  const pids = descendants(process.pid);
  const processes = execFileSync('ps', ['-o', 'pid,ppid,stat,etimes,time,args', '-p', pids.join()], { encoding: 'utf8' });
  // Console output is lost when the process ends while a pipe is full.
  writeSync(2, `\nNo test has ended for ${LIMIT / 1000} s. Running:\n${runningTests().join('\n')}\n\n${processes}\n`);
  for (const pid of pids) if (lives(pid)) process.kill(pid, 'SIGKILL');
  process.exit(1);
}

function runningTests(): string[] {
  // Each worker has its temporary folder in the one of this process.
  const folder = process.env.TMPDIR!;
  return readdirSync(folder).flatMap((name) => {
    try {
      return [`- ${readFileSync(join(folder, name, RUNNING), 'utf8')}`];
    } catch {
      return [];
    }
  });
}
