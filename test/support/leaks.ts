/**
 * Root hooks of mocha: a suite that leaves something behind fails, and the error names what it left.
 *
 * Tests of a suite may share slaves, so the check follows the last test of each file's suite.
 */
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { Master } from 'dist-io';
import type { RootHookObject, Suite } from 'mocha';
import { noteTest } from './stall';

/** In ms: how long something that is ending may take. Only a leak takes all of it. */
const PATIENCE = 5000;

/** Files that may stay until the run ends: caches of tools, and the package, which is installed once for all tests. Notes of the running tests. */
const KEPT = /^(tsx-|node-compile-cache$|v8-compile-cache|installed$|running-test$)/;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const STREAMS = ['stdout', 'stderr'] as const;

const children = new Set<ChildProcess>();
subscribe('child_process', (message) => children.add((message as { process: ChildProcess }).process));

const workers = new Set<Worker>();
process.on('worker', (worker) => {
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
});

// A folder for the temporary files of this process: a file in it was left by a test. Workers of a parallel run make theirs in the
// folder of the run.
const temporary = mkdtempSync(join(tmpdir(), 'dist-io-test-'));
process.env.TMPDIR = temporary;
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));

/** Counts by kind: handles that keep this process alive, temporary files, listeners of signals. */
type Census = ReadonlyMap<string, number>;
let before: Census = new Map();
let leaked = false;

export const mochaHooks: RootHookObject = {
  async beforeAll(this: Mocha.Context) {
    // Both create a handle on first access, which is not a leak of the test that does so.
    STREAMS.map((name) => process[name]);
    before = await census();
    const root = this.test?.parent as Suite;
    for (const suite of root.suites) {
      suite.afterAll('leaves nothing behind', async function () {
        this.timeout(2 * PATIENCE);
        await expectNothingLeft(suite.title);
      });
    }
  },
  beforeEach(this: Mocha.Context) {
    noteTest(temporary, this.currentTest!);
  },
};

/** Runs once, after the last file. */
export function mochaGlobalTeardown(): void {
  // A handle that was left would keep the run from ending.
  if (leaked) setTimeout(() => process.exit(), PATIENCE).unref();
}

async function expectNothingLeft(suite: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  let left = await leftovers();
  while (left.length > 0 && Date.now() < deadline) left = await leftovers();
  if (left.length === 0) return;
  leaked = true;
  await cleanUp();
  throw new Error(`The suite '${suite}' left behind:\n${left.map((one) => `- ${one}`).join('\n')}`);
}

async function leftovers(): Promise<string[]> {
  const now = await census();
  return [
    ...Array.from(Master.slaves, (slave) => `the slave ${slave.id} of the shared master, running ${slave.path}`),
    ...livingChildren().map((child) => `the process ${child.pid}: ${child.spawnargs.join(' ')}`),
    ...Array.from(workers, (worker) => `the worker thread ${worker.threadId}`),
    ...[...now].flatMap(([kind, count]) => {
      const more = count - (before.get(kind) ?? 0);
      return more > 0 ? [more === 1 ? kind : `${more} × ${kind}`] : [];
    }),
  ];
}

async function census(): Promise<Census> {
  // Something that ends needs a moment; and mocha's timer for this hook, one of the handles, starts only after the first await.
  await pause(10);
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const name of readdirSync(temporary)) if (!KEPT.test(name)) counts.set(`the temporary file ${name}`, 1);
  for (const signal of SIGNALS) counts.set(`listener of ${signal}`, process.listenerCount(signal));
  return counts;
}

function livingChildren(): ChildProcess[] {
  for (const child of children) {
    const over = child.exitCode !== null || child.signalCode !== null;
    // A child without a pid did not start.
    if (over || child.pid === undefined) children.delete(child);
  }
  return [...children].filter((child) => !isReaper(child));
}

/** The shell that ends the slaves of a killed master: one per process, for its whole life. */
function isReaper(child: ChildProcess): boolean {
  return child.spawnfile === '/bin/sh' && child.spawnargs.some((arg) => arg.includes('watch'));
}

/** Ends what was left, so that the next suite is not blamed and the run ends. */
async function cleanUp(): Promise<void> {
  await Master.kill();
  for (const child of livingChildren()) child.kill('SIGKILL');
  await Promise.all(Array.from(workers, (worker) => worker.terminate()));
  before = await census();
}
