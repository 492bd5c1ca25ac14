import type { Metadata } from '../../requests/metadata';
import type { ResponseArray } from '../../handles/slave-response';
import { responseArray } from '../../requests/response-array';
import type { LivingSlaves } from '../../handles/living-slaves';
import { candidates } from '../candidates';
import { ParallelTask } from './parallel-task';
import { PatternRun, type RunOptions } from '../pattern-run';

/**
 * Several different tasks, executed at the same time, each where it belongs. Made by `master.createParallel()`; it can be
 * executed any number of times, overlapping too.
 *
 * @typeParam Value the type of the values, when they share one
 * @example
 * ```js
 * const responses = await master
 *   .createParallel()
 *   .addTask('resize', image).for('graphics')
 *   .addTask('store', image)
 *   .execute({ timeout: '5s' });
 * ```
 */
export class Parallel<Value = unknown> {
  private tasks: readonly ParallelTask<Value>[] = [];

  /** @internal */
  constructor(private readonly slaves: LivingSlaves) {}

  /**
   * Adds a task.
   *
   * @returns that task: say `for` and `times` of it, or go on with the parallel
   * @throws TypeError for arguments of a wrong type
   */
  addTask(task: string, data?: unknown, metadata?: Metadata): ParallelTask<Value> {
    const added = new ParallelTask<Value>(this, task, data, metadata);
    this.tasks = [...this.tasks, added];
    return added;
  }

  /** Takes a task out: the object that {@link addTask} returned, or every task of a name. One that is not there is not missed. */
  removeTask(task: ParallelTask<Value> | string): this {
    this.tasks = this.tasks.filter((added) => added !== task && added.task !== task);
    return this;
  }

  /**
   * Executes all tasks at once.
   *
   * @returns their responses, in the order in which the tasks were added; those of one task in the order of its slaves
   * @throws TypeError at once, for options of a wrong type
   * @throws UnknownSlaveError, NoSlaveError as a rejection: then nothing is executed
   */
  execute(options?: RunOptions): Promise<ResponseArray<Value>> {
    return this.run(new PatternRun(options));
  }

  private async run(run: PatternRun): Promise<ResponseArray<Value>> {
    try {
      const { tasks } = this;
      const among = tasks.map(({ selectors, task }) => candidates(this.slaves, selectors, task));
      return responseArray(await Promise.all(tasks.flatMap((task, i) => task.start(run, among[i]))));
    } finally {
      run.end();
    }
  }
}
