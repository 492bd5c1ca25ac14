import type { Metadata } from '../../requests/metadata';
import type { ResponseArray } from '../../handles/slave-response';
import { responseArray } from '../../requests/response-array';
import type { LivingSlaves } from '../../handles/living-slaves';
import { candidates } from '../candidates';
import { ParallelTask } from './parallel-task';
import { PatternRun, type RunOptions } from '../pattern-run';

/**
 * Executes different tasks at the same time, each on the slaves selected for it. Created by `master.createParallel()`. It can be executed
 * any number of times; executions may overlap.
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
   * @returns the task: configure it with `for` and `times`, or continue with the methods of the parallel
   * @throws TypeError for arguments of a wrong type
   */
  addTask(task: string, data?: unknown, metadata?: Metadata): ParallelTask<Value> {
    const added = new ParallelTask<Value>(this, task, data, metadata);
    this.tasks = [...this.tasks, added];
    return added;
  }

  /** Removes a task: the object that {@link addTask} returned, or every task of a name. A task that is not in the parallel is ignored. */
  removeTask(task: ParallelTask<Value> | string): this {
    this.tasks = this.tasks.filter((added) => added !== task && added.task !== task);
    return this;
  }

  /**
   * Executes all tasks at once.
   *
   * @returns the responses, in the order in which the tasks were added; those of one task in the order of its slaves
   * @throws TypeError synchronously, for options of a wrong type
   * @throws UnknownSlaveError as a rejection, when a selector matches no slave; nothing is executed
   * @throws NoSlaveError as a rejection, when there is no slave; nothing is executed
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
