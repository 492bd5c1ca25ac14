/**
 * A model of supervision: random commands and deaths, on simulated slaves and a simulated clock. What DESIGN promises must hold in each
 * run of `npm run test:model`. `MODEL_RUNS` makes it longer, `MODEL_SEED` takes other numbers.
 */
import { strict as assert } from 'node:assert';
import { Master, PoisonTaskError, type Response, type SlaveHandle, type Workpool } from 'dist-io';
import fc from 'fast-check';
import type { RuntimeTraits } from '../../src/channel/runtimes';
import { fixture } from '../support/fixture';
import { at, type Command, commands, type Setup, setups } from './commands';
import { SimulatedClock } from './simulated-clock';
import { World } from './simulated-slave';

/* eslint-disable @typescript-eslint/no-require-imports -- an import cannot be changed */
const platform = require('../../dist/platform') as never;
const { performance } = require('../../dist/performance') as { performance: { now: () => number } };
const { RUNTIMES } = require('../../dist/channel/runtimes') as { RUNTIMES: { inline: { load: RuntimeTraits['load'] } } };
/* eslint-enable @typescript-eslint/no-require-imports */

const RUNS = Number(process.env.MODEL_RUNS ?? 10_000);
const SEED = Number(process.env.MODEL_SEED ?? 20261126);

/** In ms: beyond all pauses, timeouts and tasks of the model together. */
const LONG = 10 * 60_000;

/** A job, and what became of it. */
interface Job {
  readonly number: number;
  /** How often it may run. */
  readonly limit: number;
  response?: Response;
}

/** One run of the model. */
class Model {
  readonly clock = new SimulatedClock();
  readonly world = new World(this.clock);
  private readonly uninstall = this.clock.install({ platform, performance });
  private readonly master = new Master({ runtime: 'inline' });
  private readonly jobs: Job[] = [];
  private slaves: readonly SlaveHandle[];
  private readonly pool: Workpool | undefined;
  /** Slaves that the program has ended. */
  private readonly ended = new Set<SlaveHandle>();
  private isGivenUp = false;

  constructor(private readonly setup: Setup) {
    const { kind, count, options, concurrency, pace } = setup;
    this.world.pace = pace;
    RUNTIMES.inline.load = () => this.world.open;
    const file = fixture('echo.js');
    this.master.on('error', (_slave, error) => (this.isGivenUp ||= error.code === 'RESTART_INTENSITY'));
    if (kind === 'group') this.slaves = this.master.createSlaves(count, file, options);
    else {
      const size = kind === 'pool' ? count : { min: 1, max: count + 1 };
      const idle = kind === 'pool' ? {} : { idleTimeout: 50 };
      // The slaves of a pool have only one limit of tasks.
      this.pool = this.master.createPool(size, file, { ...options, ...idle, restart: 'permanent', concurrency });
      this.slaves = this.pool.slaves;
    }
  }

  async run(commands: readonly Command[]): Promise<void> {
    try {
      await this.clock.run(0);
      for (const command of commands) await this.execute(command);
      await this.heal();
      await this.clock.run(LONG, () => this.jobs.every(({ response }) => response !== undefined));
      for (const job of this.jobs) this.check(job);
      await this.checkHealed();
      await this.checkEnd();
    } finally {
      this.uninstall();
    }
  }

  private async execute(command: Command): Promise<void> {
    if (this.pool !== undefined) this.slaves = this.pool.slaves;
    const { slaves, world } = this;
    switch (command.type) {
      case 'work':
        return this.work(command);
      case 'die':
        return at(world.living, command.slave)?.die(command.code === 9 ? { signal: 'SIGKILL' } : { code: command.code });
      case 'stall': {
        const slave = at(world.living, command.slave);
        if (slave !== undefined) slave.isStalled = true;
        return;
      }
      case 'fail loads':
        world.failures = command.count;
        return;
      case 'end': {
        const slave = at(slaves, command.slave);
        if (slave === undefined) return;
        this.ended.add(slave);
        if (command.how === 'kill') void slave.kill();
        else void slave.exit({ pending: command.how === 'abort' ? 'abort' : 'finish' });
        return;
      }
      case 'wait':
        return this.clock.run(command.ms);
    }
  }

  private work({ slave, task, ms, retries, timeout, abortAfter }: Extract<Command, { type: 'work' }>): void {
    const abort = new AbortController();
    if (abortAfter !== undefined) this.clock.after(abortAfter, () => abort.abort());
    const metadata = {
      ...(retries !== undefined && { retries }),
      ...(timeout !== undefined && { timeout }),
      ...(abortAfter !== undefined && { signal: abort.signal }),
    };
    const job: Job = { number: this.jobs.length, limit: 1 + (retries ?? (task === 'idempotent' ? 2 : 0)) };
    const target = this.pool === undefined ? at(this.slaves, slave) : this.pool;
    if (target === undefined) return;
    this.jobs.push(job);
    const data = { job: job.number, ms };
    const settled = target instanceof Object && 'do' in target ? target.do(task, data, metadata) : target.exec(task, data, metadata);
    settled.then(
      (response) => {
        assert.equal(job.response, undefined, 'settled twice');
        job.response = response;
      },
      (error: unknown) => {
        // A pool that never had a slave has none to make a response of.
        job.response = { ok: false, error, attempt: 0 } as unknown as Response;
      },
    );
  }

  /** The trouble is over. */
  private async heal(): Promise<void> {
    this.world.failures = 0;
    for (const slave of this.world.living) if (slave.isStalled) slave.die({ signal: 'SIGKILL' });
    await this.clock.run(0);
  }

  private check({ number, limit, response }: Job): void {
    const about = `job ${number}`;
    assert.ok(response !== undefined, `${about} hangs`);
    const runs = this.world.runs.filter(({ job }) => job === number);
    assert.ok(runs.length <= limit, `${about} ran ${runs.length} times of ${limit}`);
    for (const [i, run] of runs.entries()) {
      const next = runs.at(i + 1);
      assert.ok(next === undefined || (run.end !== undefined && run.end <= next.begin), `${about}: runs ${i} and ${i + 1} overlap`);
      assert.ok(next === undefined || next.attempt > run.attempt, `${about}: the attempts of runs ${i} and ${i + 1} are in order`);
    }
    if (response.ok) {
      assert.equal(response.value, number, `${about} has the value of another`);
      assert.ok(runs.at(-1)?.isComplete, `${about} has an answer though it did not run`);
      assert.equal(response.attempt, runs.at(-1)?.attempt, `${about}: the attempt of its response`);
      return;
    }
    const { error } = response as { error: { code?: string; mayHaveExecuted?: boolean } };
    assert.equal(typeof error.code, 'string', `${about} failed with ${String(error)}`);
    if (error.mayHaveExecuted === false) assert.equal(runs.length, 0, `${about} ran, though mayHaveExecuted is false: ${String(error)}`);
    // Its slaves may have died before it reached them: the master cannot know.
    if (error instanceof PoisonTaskError)
      assert.ok(error.attempts >= Math.max(2, runs.length), `${about} is blamed for ${error.attempts} deaths`);
  }

  /** Slaves that are restarted live again, and a pool is whole. */
  private async checkHealed(): Promise<void> {
    const { setup, pool, clock, ended } = this;
    if (pool !== undefined) {
      await clock.run(LONG, () => pool.health.status === 'ok' || pool.slaves.length === 0);
      if (pool.slaves.length > 0) assert.equal(pool.health.status, 'ok', 'the pool is not whole again');
      return;
    }
    if (setup.options.restart !== 'permanent' || ended.size > 0) return;
    await clock.run(LONG, () => this.slaves.every(({ isAlive }) => isAlive));
    if (this.isGivenUp) return;
    for (const { id, isAlive } of this.slaves) assert.ok(isAlive, `slave ${id} was not restarted`);
  }

  /** After exit, nothing is left. */
  private async checkEnd(): Promise<void> {
    const { master, clock, world, pool } = this;
    let isOver = false;
    const exit = pool === undefined ? master.exit() : pool.exit().then(() => master.exit());
    void exit.then(() => (isOver = true));
    await clock.run(LONG, () => isOver);
    assert.ok(isOver, 'exit hangs');
    await clock.run(100);
    assert.equal(world.living.length, 0, 'a process has outlived its master');
    assert.equal(clock.pending, 0, 'a timer is left');
  }
}

describe('model: supervision', () => {
  const { load } = RUNTIMES.inline;
  after(() => {
    RUNTIMES.inline.load = load;
  });

  it(`supervision - in ${RUNS} runs of random work and random deaths, everything settles as promised and nothing is left`, async () => {
    const property = fc.asyncProperty(setups, fc.array(commands, { minLength: 1, maxLength: 25 }), (setup, commands) =>
      new Model(setup).run(commands),
    );
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: false });
  });
});
