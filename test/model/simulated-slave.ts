import type { OpenChannel, SlaveChannel, SlaveExit, SlaveListener } from '../../src/channel/channel';
import type { Request, TaskInfo, ToMaster, ToSlave } from '../../src/protocol/messages';
import type { HandedRequests as Handed } from '../../src/slave/handed-requests';
import type { Claims as SharedClaims, SharedIntegers } from '../../src/protocol/claims';
import type { SimulatedClock } from './simulated-clock';

/* eslint-disable @typescript-eslint/no-require-imports -- they must use the simulated clock, as the rest of dist does */
const { Claims } = require('../../dist/protocol/claims') as { Claims: new (integers: SharedIntegers) => SharedClaims };
const { HandedRequests } = require('../../dist/slave/handed-requests') as {
  HandedRequests: new (claims: SharedClaims, host: { running: number; begin: (request: Request) => void }) => Handed;
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** In ms: how long a message travels, in each direction. */
const LATENCY = 1;

/** What a job of the model is: its number, and how long it runs, in ms. */
export interface Work {
  readonly job: number;
  readonly ms: number;
}

/** One run of a job by a simulated slave. */
export interface Run {
  readonly job: number;
  readonly attempt: number;
  readonly begin: number;
  /** When it was completed, or its slave died. */
  end: number | undefined;
  isComplete: boolean;
}

export const TASKS: TaskInfo[] = [{ name: 'plain' }, { name: 'idempotent', defaults: { idempotent: true } }];

/** All simulated slaves, and what they have run. */
export class World {
  readonly slaves: SimulatedSlave[] = [];
  readonly runs: Run[] = [];
  /** How many of the next starts fail. */
  failures = 0;
  /** In ms: how long a slave takes to load. */
  loadTime = 20;
  /** In ms: what slaves tell of the running time of their tasks, true or not. */
  pace = Infinity;

  constructor(readonly clock: SimulatedClock) {}

  get living(): SimulatedSlave[] {
    return this.slaves.filter(({ isAlive }) => isAlive);
  }

  readonly open: OpenChannel = (_start, listener) => {
    const fails = this.failures > 0;
    if (fails) this.failures--;
    const slave = new SimulatedSlave(this, listener, fails);
    this.slaves.push(slave);
    return slave;
  };
}

/** What a process does, as its master sees it: it loads, runs tasks, answers and dies, without a process. */
export class SimulatedSlave implements SlaveChannel {
  readonly pid = 1;
  isAlive = true;
  /** Whether its thread is blocked. */
  isStalled = false;
  private hasLoaded = false;
  private isExiting = false;
  private readonly early: ToSlave[] = [];
  private readonly running = new Set<Run>();
  private readonly integers = [0, 0, 0];
  readonly claims = new Claims({ load: (i) => this.integers[i], store: (i, value) => void (this.integers[i] = value) });
  private readonly handed: Handed;

  constructor(
    private readonly world: World,
    private readonly listener: SlaveListener,
    fails: boolean,
  ) {
    const running = this.running;
    this.handed = new HandedRequests(this.claims, {
      get running() {
        return running.size;
      },
      begin: (request) => this.begin(request),
    });
    world.clock.after(world.loadTime, () => (fails ? this.die({ code: 1 }) : this.load()));
  }

  send(message: ToSlave): number {
    this.world.clock.after(LATENCY, () => this.receive(message));
    return 64;
  }

  kill(signal: NodeJS.Signals): void {
    this.world.clock.after(LATENCY, () => this.die({ signal }));
  }

  keepAlive(): void {
    // There is no process.
  }

  /** Ends it: what it runs is lost, what it has sent arrives. */
  die(how: { code?: number; signal?: string }): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.handed.clear();
    for (const run of this.running) run.end = this.world.clock.now;
    const exit: SlaveExit = { code: how.code ?? null, signal: how.signal ?? null, stderrTail: '' };
    this.world.clock.after(LATENCY, () => this.listener.end(exit));
  }

  private load(): void {
    if (!this.isAlive) return;
    this.hasLoaded = true;
    this.answer({ type: 'ready', tasks: TASKS });
    this.answer({ type: 'pace', mean: this.world.pace });
    for (const message of this.early) this.receive(message);
  }

  private receive(message: ToSlave): void {
    if (!this.isAlive || this.isStalled) return;
    if (!this.hasLoaded) {
      if (message.type === 'exit' && message.pending === 'abort') this.die({ code: 0 });
      else this.early.push(message);
    } else if (message.type === 'request') this.request(message);
    else if (message.type === 'revoke') this.handed.revoke(message);
    else if (message.type === 'ping') this.pong(message.id);
    else if (message.type === 'exit') this.exit(message.pending);
  }

  private request(request: Request): void {
    if (request.limit === undefined) this.begin(request);
    else this.handed.add(request);
  }

  private begin({ id, attempt, data }: Request): void {
    const { clock, runs } = this.world;
    const { job, ms } = data as Work;
    const run: Run = { job, attempt, begin: clock.now, end: undefined, isComplete: false };
    runs.push(run);
    this.running.add(run);
    clock.after(ms, () => {
      if (!this.isAlive || this.isStalled) return;
      this.running.delete(run);
      run.end = clock.now;
      run.isComplete = true;
      this.answer({ type: 'value', id, value: job });
      this.handed.begin();
      this.endIfIdle();
    });
  }

  private pong(id: number): void {
    this.answer({ type: 'pong', id, uptime: 1, memory: {}, eventLoop: { delay: 0, utilization: 0 } });
  }

  private exit(pending: 'finish' | 'abort'): void {
    this.isExiting = true;
    if (pending === 'abort') this.die({ code: 0 });
    else this.endIfIdle();
  }

  private endIfIdle(): void {
    if (this.isExiting && this.running.size === 0 && this.handed.size === 0) this.die({ code: 0 });
  }

  private answer(message: ToMaster): void {
    this.world.clock.after(LATENCY, () => this.listener.message(message));
  }
}
