/**
 * Root hooks of mocha: a suite that leaves something behind fails the run, by its own name.
 *
 * A suite may share slaves between its tests, so the look around comes after the last test of each file's suite.
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

/** In ms: what is on its way out gets this long to be gone. Only a leak ever takes all of it. */
const PATIENCE = 5000;

/** What may stay until the run ends: the caches of tools, and the package as its tests install it once for all. */
const CACHES = /^(tsx-|node-compile-cache$|v8-compile-cache|installed$)/;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const STREAMS = ['stdout', 'stderr'] as const;

const children = new Set<ChildProcess>();
subscribe('child_process', (message) => children.add((message as { process: ChildProcess }).process));

const workers = new Set<Worker>();
process.on('worker', (worker) => {
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
});

// A folder for temporary files that is this process's alone: whatever is in it, a test has left there. A worker of a parallel run
// makes its own in that of the run.
const temporary = mkdtempSync(join(tmpdir(), 'dist-io-test-'));
process.env.TMPDIR = temporary;
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));

/** What there is of each kind: handles that keep this process alive, temporary files, listeners of signals. */
type Census = ReadonlyMap<string, number>;
let before: Census = new Map();
let leaked = false;

export const mochaHooks: RootHookObject = {
  async beforeAll(this: Mocha.Context) {
    // Both make a handle when they are first looked at, which is no leak of the test that does.
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
  // What ends now needs a moment; and mocha's timer for this hook, which is one of the handles, runs only after its first await.
  await pause(10);
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const name of readdirSync(temporary)) if (!CACHES.test(name)) counts.set(`the temporary file ${name}`, 1);
  for (const signal of SIGNALS) counts.set(`listener of ${signal}`, process.listenerCount(signal));
  return counts;
}

function livingChildren(): ChildProcess[] {
  for (const child of children) {
    const over = child.exitCode !== null || child.signalCode !== null;
    // One without a pid did not start.
    if (over || child.pid === undefined) children.delete(child);
  }
  return [...children].filter((child) => !isReaper(child));
}

/** The shell that ends the slaves of a killed master is one for the whole process, and stays with it. */
function isReaper(child: ChildProcess): boolean {
  return child.spawnfile === '/bin/sh' && child.spawnargs.some((arg) => arg.includes('watch'));
}

/** So that the next suite is not blamed, and the run ends. */
async function cleanUp(): Promise<void> {
  await Master.kill();
  for (const child of livingChildren()) child.kill('SIGKILL');
  await Promise.all(Array.from(workers, (worker) => worker.terminate()));
  before = await census();
}
