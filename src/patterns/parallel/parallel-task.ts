import { checkData, type Metadata } from '../../requests/metadata';
import { checkSingleUse } from '../../requests/single-use';
import type { Response, ResponseArray } from '../../handles/slave-response';
import type { Selector } from '../../handles/selector';
import type { SlaveHandle } from '../../handles/slave-handle';
import { pickLeastBusy } from '../candidates';
import { checkedMetadata } from '../checked-metadata';
import type { Parallel } from './parallel';
import type { PatternRun, RunOptions } from '../pattern-run';

/** One task of a {@link Parallel}. `for` and `times` speak of this task, whichever was added since; the rest of its parallel. */
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
   * Says who executes this task: every slave that is named, once. Without it, the living slave with the least to do does.
   * Calling it again names others instead.
   */
  for(...selectors: Selector[]): this {
    this.selectors = selectors;
    return this;
  }

  /** Executes this task so many times. Default: 1. @throws TypeError when it is no whole number */
  times(count: number): this {
    if (!Number.isInteger(count) || count < 0) throw new TypeError(`A task can be executed a whole number of times, not ${String(count)}.`);
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

  /** @internal Sends it. @param among the slaves that were named, or all, of which one will do */
  start(run: PatternRun, among: readonly SlaveHandle[]): Promise<Response>[] {
    checkSingleUse(this.data, this.metadata, this.count * Math.max(1, this.selectors.length > 0 ? among.length : 1));
    const slavesForOnce = (): readonly SlaveHandle[] => (this.selectors.length > 0 ? among : [pickLeastBusy(among)]);
    return Array.from({ length: this.count }, () =>
      slavesForOnce().map((slave) => run.request(slave, this.task, this.data, this.metadata)),
    ).flat();
  }
}
