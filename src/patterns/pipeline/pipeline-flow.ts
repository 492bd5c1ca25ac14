import type { PipelineStep } from './pipeline-step';
import type { PatternRun } from '../pattern-run';
import { closeSource } from '../source';

/** An item of the source, on its way through the stages. */
interface Item {
  /** Whether its current stage has processed it. */
  isDone: boolean;
  /** Whether later stages pass it on unprocessed. */
  skipsRest: boolean;
  value: unknown;
  failure: { error: unknown } | undefined;
}

/** A step and the items that it holds. */
interface Stage {
  readonly step: PipelineStep;
  /** Items in execution, or waiting for capacity in the next stage; in the order of the source. */
  readonly items: Item[];
  readonly limit: number;
}

/**
 * - `reading`: items are read from the source
 * - `closed`: after a failure, no more items are read
 * - `ended`: the source has ended by itself or has thrown
 * - `over`: the consumer has left or received all values
 */
type State = 'reading' | 'closed' | 'ended' | 'over';

/**
 * Moves many items through a pipeline at the same time. Each stage accepts items in the order of the source while it has capacity: a slow
 * stage applies backpressure to the stages before it, and finally to the source.
 */
export class PipelineFlow {
  private readonly stages: readonly Stage[];
  /** Whether a call of the source's `next` is pending. */
  private isPulling = false;
  private state: State = 'reading';
  /** Wakes the consumer. */
  private wake: () => void = () => undefined;

  constructor(
    steps: readonly PipelineStep[],
    private readonly source: AsyncIterator<unknown>,
    private readonly run: PatternRun,
    limit: number | undefined,
  ) {
    this.stages = steps.map((step) => ({ step, items: [], limit: limit ?? 2 * step.slaves.length }));
  }

  async *values(): AsyncGenerator<unknown, void, undefined> {
    let hasFailed = false;
    this.run.onLimit(this.stages[0].step.task.task, (error) => this.fail(error));
    try {
      for (let item = await this.next(); item !== undefined; item = await this.next()) {
        hasFailed = item.failure !== undefined;
        if (item.failure !== undefined) throw item.failure.error;
        yield item.value;
      }
    } finally {
      const hasEnded = this.state === 'ended';
      this.state = 'over';
      this.run.end();
      if (!hasEnded) await closeSource(this.source, { isReading: this.isPulling, hasFailed });
    }
  }

  /** The next item that has passed all stages; undefined when there are no more. */
  private async next(): Promise<Item | undefined> {
    this.moveItems();
    const { items } = this.stages[this.stages.length - 1];
    while (items.length === 0 || !items[0].isDone) {
      if (this.state === 'ended' && this.stages.every((stage) => stage.items.length === 0)) return undefined;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const item = items.shift();
    // Refills the stages now, so that they work while the caller does.
    this.moveItems();
    return item;
  }

  /** Moves completed items into later stages with capacity, then reads from the source. */
  private moveItems(): void {
    if (this.state === 'over') return;
    for (let i = this.stages.length - 1; i > 0; i--) {
      const { items } = this.stages[i - 1];
      while (items.length > 0 && items[0].isDone && hasRoom(this.stages[i])) this.startItem(this.stages[i], items.shift() as Item);
    }
    void this.pullSource();
    this.wake();
  }

  private startItem(stage: Stage, item: Item): void {
    stage.items.push(item);
    item.isDone = false;
    void this.runStep(stage.step, item);
  }

  private async runStep(step: PipelineStep, item: Item): Promise<void> {
    try {
      const result = await (item.skipsRest ? undefined : step.run(item.value));
      if (result !== undefined) {
        item.value = result.response.unwrap();
        item.skipsRest = result.skipsRest;
      }
    } catch (error) {
      item.failure = { error };
      item.skipsRest = true;
      if (this.state === 'reading') this.state = 'closed';
    }
    item.isDone = true;
    this.moveItems();
  }

  /** Reads one item from the source, if the first stage has capacity. */
  private async pullSource(): Promise<void> {
    if (this.isPulling || this.state !== 'reading' || !hasRoom(this.stages[0])) return;
    this.isPulling = true;
    try {
      const pulled = await this.source.next();
      if (pulled.done === true) this.endSource();
      else this.accept(pulled.value);
    } catch (error) {
      this.fail(error);
      this.endSource();
    } finally {
      this.isPulling = false;
    }
    this.moveItems();
  }

  private accept(value: unknown): void {
    // An item may have failed meanwhile; later items are not started.
    if (this.state === 'reading') this.startItem(this.stages[0], { isDone: false, skipsRest: false, value, failure: undefined });
  }

  private endSource(): void {
    if (this.state !== 'over') this.state = 'ended';
  }

  /** Adds an error after the items in the stages. */
  private fail(error: unknown): void {
    if (this.state !== 'reading') return;
    this.state = 'closed';
    this.stages[0].items.push({ isDone: true, skipsRest: true, value: undefined, failure: { error } });
    this.moveItems();
  }
}

function hasRoom({ items, limit }: Stage): boolean {
  return items.length < limit;
}
