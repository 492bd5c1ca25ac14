/**
 * The model of supervision on real processes: fewer runs, and what happens when is up to the machine. `PROCESS_RUNS` makes it longer,
 * `MODEL_SEED` takes other numbers.
 */
import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Master, type Response, type SlaveHandle, type Workpool } from 'dist-io';
import fc from 'fast-check';
import { fixture } from '../support/fixture';
import { gone } from '../support/program';
import { temporaryFolder } from '../support/temporary-folder';
import { at, type Command, commands, type Setup, setups } from './commands';

const RUNS = Number(process.env.PROCESS_RUNS ?? 60);
const SEED = Number(process.env.MODEL_SEED ?? 20261127);

/** In ms: longer than all pauses, timeouts and tasks of a run together. */
const PATIENCE = 60_000;

/** In ms: no wait is longer. */
const LONGEST_WAIT = 200;

interface Run {
  readonly job: number;
  readonly attempt: number;
  readonly pid: number;
  readonly begin: bigint;
  end: bigint | undefined;
}

class ProcessModel {
  private readonly master = new Master({ stderr: 'ignore', backoff: { initialInterval: 1, maximumInterval: 50 } });
  private readonly settled: Promise<{ job: number; limit: number; response: Response | undefined }>[] = [];
  private readonly pool: Workpool | undefined;
  private readonly log: string;
  private readonly failures: string;
  private slaves: readonly SlaveHandle[];
  private readonly pids = new Set<number>();

  constructor({ kind, count, options, concurrency }: Setup, folder: string) {
    this.log = join(folder, 'log');
    this.failures = join(folder, 'failures');
    mkdirSync(this.failures, { recursive: true });
    writeFileSync(this.log, '');
    const data = { log: this.log, failures: this.failures };
    const file = fixture('model-tasks.js');
    if (kind === 'group') this.slaves = this.master.createSlaves(count, file, { ...options, data });
    else {
      const size = kind === 'pool' ? count : { min: 1, max: count + 1 };
      const idle = kind === 'pool' ? {} : { idleTimeout: 50 };
      this.pool = this.master.createPool(size, file, { ...options, ...idle, restart: 'permanent', concurrency, data });
      this.slaves = this.pool.slaves;
    }
  }

  async run(commands: readonly Command[]): Promise<void> {
    for (const command of commands) await this.execute(command);
    const late = pause(PATIENCE, 'late' as const, { ref: false });
    const results = await Promise.race([Promise.all(this.settled), late]);
    assert.notEqual(results, 'late', 'a job hangs');
    assert.notEqual(await Promise.race([this.master.exit(), late]), 'late', 'exit hangs');
    for (const pid of this.pids) await gone(pid);
    const runs = this.readRuns();
    for (const result of results as Exclude<typeof results, 'late'>) this.check(result, runs);
  }

  private async execute(command: Command): Promise<void> {
    if (this.pool !== undefined) this.slaves = this.pool.slaves;
    for (const { pid } of this.slaves) if (pid !== undefined) this.pids.add(pid);
    const slave = 'slave' in command ? at(this.slaves, command.slave) : undefined;
    switch (command.type) {
      case 'work':
        return this.work(command);
      case 'die':
        return signal(slave, command.code === 9 ? 'SIGKILL' : 'SIGABRT');
      case 'stall':
        // Only `responsive` would end a stopped process.
        return signal(slave, 'SIGKILL');
      case 'fail loads':
        for (let i = 0; i < command.count; i++) writeFileSync(join(this.failures, String(i)), '');
        return;
      case 'end':
        if (command.how === 'kill') void slave?.kill();
        else void slave?.exit({ pending: command.how === 'abort' ? 'abort' : 'finish' });
        return;
      case 'wait':
        await pause(Math.min(command.ms, LONGEST_WAIT));
    }
  }

  private work({ slave, task, ms, retries, timeout, abortAfter }: Extract<Command, { type: 'work' }>): void {
    const job = this.settled.length;
    const metadata = {
      ...(retries !== undefined && { retries }),
      ...(timeout !== undefined && { timeout }),
      ...(abortAfter !== undefined && { signal: AbortSignal.timeout(abortAfter) }),
    };
    const target = this.pool ?? at(this.slaves, slave);
    if (target === undefined) return;
    const data = { job, ms };
    const response = 'do' in target ? target.do(task, data, metadata) : target.exec(task, data, metadata);
    // A pool that never had a slave rejects.
    const settled = response.catch(() => undefined);
    this.settled.push(settled.then((response) => ({ job, limit: 1 + (retries ?? (task === 'idempotent' ? 2 : 0)), response })));
  }

  private readRuns(): Run[] {
    const runs: Run[] = [];
    for (const line of readFileSync(this.log, 'utf8').split('\n').filter(Boolean)) {
      const { job, attempt, pid, begin, end } = JSON.parse(line) as Record<'job' | 'attempt' | 'pid', number> & {
        begin: string;
        end?: string;
      };
      const last = runs.findLast((run) => run.job === job && run.attempt === attempt);
      if (end === undefined) runs.push({ job, attempt, pid, begin: BigInt(begin), end: undefined });
      else if (last !== undefined) last.end = BigInt(end);
    }
    return runs;
  }

  private check({ job, limit, response }: { job: number; limit: number; response: Response | undefined }, all: readonly Run[]): void {
    const runs = all.filter((run) => run.job === job);
    assert.ok(runs.length <= limit, `job ${job} ran ${runs.length} times of ${limit}`);
    for (const [i, { attempt }] of runs.entries())
      assert.ok(i === 0 || attempt > runs[i - 1].attempt, `job ${job}: its attempts are in order`);
    if (response === undefined) return assert.equal(runs.length, 0, `job ${job} ran in a pool without slaves`);
    if (response.ok) {
      assert.equal(response.value, job, `job ${job} has the value of another`);
      return assert.notEqual(runs.at(-1)?.end, undefined, `job ${job} has an answer though it did not complete`);
    }
    const { code, mayHaveExecuted } = response.error as { code?: string; mayHaveExecuted?: boolean };
    assert.equal(typeof code, 'string', `job ${job} failed with ${String(response.error)}`);
    if (mayHaveExecuted === false) assert.equal(runs.length, 0, `job ${job} ran, though mayHaveExecuted is false`);
  }
}

function signal(slave: SlaveHandle | undefined, name: NodeJS.Signals): void {
  if (slave?.pid === undefined || !slave.isAlive) return;
  try {
    process.kill(slave.pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

describe('model: supervision of processes', () => {
  const folder = temporaryFolder();
  let runs = 0;

  it(`processes - in ${RUNS} runs of random work and random deaths, everything settles as promised and nothing is left`, async () => {
    const property = fc.asyncProperty(setups, fc.array(commands, { minLength: 1, maxLength: 25 }), (setup, commands) =>
      new ProcessModel(setup, join(folder, String(runs++))).run(commands),
    );
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
  });
});
