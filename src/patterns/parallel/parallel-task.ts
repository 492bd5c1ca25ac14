import { checkData, type Metadata } from '../../requests/metadata';
import { checkSingleUse } from '../../requests/single-use';
import type { Response, ResponseArray } from '../../handles/slave-response';
import type { Selector } from '../../handles/selector';
import type { SlaveHandle } from '../../handles/slave-handle';
import { pickLeastBusy } from '../candidates';
import { checkedMetadata } from '../checked-metadata';
import type { Parallel } from './parallel';
import type { PatternRun, RunOptions } from '../pattern-run';

/** One task of a {@link Parallel}. `for` and `times` configure this task; the other methods are those of the parallel. */
export class ParallelTask<Value = unknown> {
  /** @internal */
  selectors: readonly Selector[] = [];
  private count = 1;
  private readonly metadata: Metadata;

  /** @internal */
  constructor(
    private readonly parallel: Parallel<Value>,
    /** The name of the task. */
    readonly task: string,
    private readonly data: unknown,
    metadata: Metadata | undefined,
  ) {
    this.metadata = checkedMetadata(task, metadata);
    checkData(data);
  }

  /**
   * Selects the slaves that execute this task: each of them, once. Default: the least busy living slave. Calling it again replaces the
   * selection.
   */
  for(...selectors: Selector[]): this {
    this.selectors = selectors;
    return this;
  }

  /**
   * Sets the number of executions. Default: 1.
   *
   * @throws TypeError when `count` is not a whole number
   */
  times(count: number): this {
    if (!Number.isInteger(count) || count < 0) throw new TypeError(`count must be a whole number, not ${String(count)}.`);
    this.count = count;
    return this;
  }

  /** See {@link Parallel.addTask}. */
  addTask(task: string, data?: unknown, metadata?: Metadata): ParallelTask<Value> {
    return this.parallel.addTask(task, data, metadata);
  }

  /** See {@link Parallel.removeTask}. */
  removeTask(task: ParallelTask<Value> | string): Parallel<Value> {
    return this.parallel.removeTask(task);
  }

  /** See {@link Parallel.execute}. */
  execute(options?: RunOptions): Promise<ResponseArray<Value>> {
    return this.parallel.execute(options);
  }

  /**
   * Sends the task.
   *
   * @internal
   * @param among the selected slaves; without a selection all slaves, one of which executes the task
   */
  start(run: PatternRun, among: readonly SlaveHandle[]): Promise<Response>[] {
    checkSingleUse(this.data, this.metadata, this.count * Math.max(1, this.selectors.length > 0 ? among.length : 1));
    const slavesForOnce = (): readonly SlaveHandle[] => (this.selectors.length > 0 ? among : [pickLeastBusy(among)]);
    return Array.from({ length: this.count }, () =>
      slavesForOnce().map((slave) => run.request(slave, this.task, this.data, this.metadata)),
    ).flat();
  }
}
