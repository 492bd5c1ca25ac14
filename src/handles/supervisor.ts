import { RestartIntensityError } from '../errors';
import { performance } from '../performance';
import { RestartDecision } from '../supervision/restart-decision';
import { RestartIntensity } from '../supervision/restart-intensity';
import type { ResolvedRestartOptions } from '../supervision/restart-options';
import { restartedWith } from '../supervision/strategy';
import type { Incarnation } from './incarnation';
import type { Incarnations } from './incarnations';
import type { SlaveSpec } from './slave-control';
import { Spares } from './spares';

/** Slaves that are restarted together: how many have not ended yet. */
interface JointRestart {
  readonly slaves: readonly Incarnations[];
  readonly stopping: Set<Incarnations>;
  /** In ms. */
  readonly pause: number;
}

/** Restarts the slaves that were created together. What is to be done, `src/supervision` decides. */
export class Supervisor {
  private readonly decisions = new Map<Incarnations, RestartDecision>();
  private readonly intensity: RestartIntensity;
  private readonly jointRestarts = new Set<JointRestart>();
  /** Those that are ending for good. */
  private readonly leaving = new Set<Incarnations>();
  private readonly options: ResolvedRestartOptions;
  private readonly spares: Spares | undefined;
  private sparesEnd: Promise<void> | undefined;

  /** @param isService whether they are those of a pool, which is never given up */
  constructor(
    spec: Omit<SlaveSpec, 'id'>,
    private readonly isService: boolean,
  ) {
    this.options = spec.options;
    this.intensity = this.createIntensity();
    const { spares } = spec.options;
    if (spares > 0) this.spares = new Spares(spares, spec);
  }

  /** A slave has loaded: now its spares may, too. */
  onReady(): void {
    this.spares?.fill();
  }

  /** A loaded process that can take the place of one that has ended. */
  takeSpare(): Incarnation | undefined {
    return this.spares?.take();
  }

  /** A slave is ending for good. With the last one, the spares end. */
  leave(slave: Incarnations): void {
    if (!this.decisions.delete(slave)) return;
    this.leaving.add(slave);
    void slave.whenEnded.then(() => this.left(slave));
    if (this.decisions.size === 0) this.sparesEnd ??= this.spares?.end();
  }

  private left(slave: Incarnations): void {
    this.leaving.delete(slave);
    for (const restart of this.restartsWaitingFor(slave)) this.stopped(restart, slave);
  }

  /** Settles once those that depend on a slave have ended; undefined when none of them is ending. */
  whenDependentsEnded({ id }: Incarnations): Promise<unknown> | undefined {
    if (this.options.strategy !== 'rest_for_one') return undefined;
    const dependents = [...this.leaving].filter((other) => other.id > id);
    return dependents.length === 0 ? undefined : Promise.all(dependents.map(({ whenEnded }) => whenEnded));
  }

  /** Undefined while there are slaves, and without spares. */
  get whenSparesEnded(): Promise<void> | undefined {
    return this.sparesEnd;
  }

  add(slave: Incarnations): void {
    const intensity = this.isService ? this.createIntensity() : this.intensity;
    this.decisions.set(slave, new RestartDecision(this.options, intensity, this.isService, Math.random));
  }

  /** The current process of a slave has ended, though nobody asked for its end; its requests are not settled yet. */
  onEnd(slave: Incarnations, { lifecycle, age, isReady, requests }: Incarnation, cause: Error): void {
    const joint = this.restartsWaitingFor(slave);
    if (joint.length > 0) {
      slave.replace();
      for (const restart of joint) this.stopped(restart, slave);
      return;
    }
    const end = { now: performance.now(), age, isNormal: lifecycle.isNormalEnd, hasLoaded: isReady, hasServed: requests.completed > 0 };
    const decision = this.decisions.get(slave)?.afterEnd(end);
    switch (decision?.type) {
      case undefined:
      case 'end':
        return this.leave(slave);
      case 'give up':
        return this.giveUp(cause);
      case 'suspend':
        slave.suspend(this.tooMany(slave, cause));
        return slave.start(decision.pause);
      case 'restart':
        slave.replace();
        return this.restart(slave, decision.pause);
    }
  }

  private restart(slave: Incarnations, pause: number): void {
    const slaves = restartedWith(slave, this.living, this.options.strategy);
    const running = slaves.filter((other) => other !== slave && other.current.isAlive);
    const restart = { slaves, pause, stopping: new Set(running) };
    if (running.length === 0) return this.startAll(restart);
    this.jointRestarts.add(restart);
    const because = { type: 'exit', reason: `${slave.label} had ended, which restarts it too (${this.options.strategy})` } as const;
    // In the reverse order of their start, as in OTP.
    for (const other of running.reverse()) other.stop(because);
  }

  private restartsWaitingFor(slave: Incarnations): JointRestart[] {
    return [...this.jointRestarts].filter(({ stopping }) => stopping.has(slave));
  }

  private stopped(restart: JointRestart, slave: Incarnations): void {
    restart.stopping.delete(slave);
    if (restart.stopping.size > 0) return;
    this.jointRestarts.delete(restart);
    this.startAll(restart);
  }

  private startAll({ slaves, pause }: JointRestart): void {
    for (const slave of slaves) slave.start(pause);
  }

  private giveUp(cause: Error): void {
    for (const slave of this.living.reverse()) slave.giveUp(this.tooMany(slave, cause));
  }

  private tooMany(slave: Incarnations, cause: Error): (mayHaveExecuted: boolean) => RestartIntensityError {
    const { intensity, period } = this.options;
    return (mayHaveExecuted) => new RestartIntensityError(slave.label, { intensity, period, mayHaveExecuted, cause });
  }

  /** Those that are not ending for good, in the order of their creation. */
  private get living(): Incarnations[] {
    return [...this.decisions.keys()].filter((slave) => !slave.isExiting);
  }

  private createIntensity(): RestartIntensity {
    return new RestartIntensity(this.options.intensity, this.options.period);
  }
}
