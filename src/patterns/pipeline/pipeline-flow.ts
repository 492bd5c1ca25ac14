import type { PipelineStep } from './pipeline-step';
import type { PatternRun } from '../pattern-run';

/** One thing on its way from the source through all stages. */
interface Item {
  /** Whether its present stage has finished with it. */
  isDone: boolean;
  /** Whether the stages that follow only let it pass. */
  skipsRest: boolean;
  value: unknown;
  failure: { error: unknown } | undefined;
}

/** One step at work. */
interface Stage {
  readonly step: PipelineStep;
  /** At work, or waiting for room in the next stage; in the order of the source. */
  readonly items: Item[];
  readonly limit: number;
}

/**
 * Many items in a pipeline at once. Each stage takes them in the order of the source, and only while it has room: what is slow
 * holds up what comes before it, and at last the source.
 */
export class PipelineFlow {
  private readonly stages: readonly Stage[];
  /** Whether the source is making an item. */
  private isPulling = false;
  /** Whether the source is not asked for more, … */
  private isClosed = false;
  /** … because it has ended by itself. */
  private isExhausted = false;
  /** Whether nobody waits for values any more. */
  private isOver = false;
  private hasFailed = false;
  /** Has whoever waits for a value look again. */
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
    this.run.onLimit(this.stages[0].step.task.task, (error) => this.fail(error));
    try {
      for (let item = await this.next(); item !== undefined; item = await this.next()) {
        this.hasFailed = item.failure !== undefined;
        if (item.failure !== undefined) throw item.failure.error;
        yield item.value;
      }
    } finally {
      this.isOver = true;
      this.run.end();
      await this.closeSource();
    }
  }

  /** The next item that has passed all stages; undefined when there are no more. */
  private async next(): Promise<Item | undefined> {
    this.moveItems();
    const { items } = this.stages[this.stages.length - 1];
    while (items.length === 0 || !items[0].isDone) {
      if (this.isExhausted && this.stages.every((stage) => stage.items.length === 0)) return undefined;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    const item = items.shift();
    // There is room again, and the stages shall be at work while the caller is.
    this.moveItems();
    return item;
  }

  /** Moves on what can be. */
  private moveItems(): void {
    if (this.isOver) return;
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
      item.skipsRest = this.isClosed = true;
    }
    item.isDone = true;
    this.moveItems();
  }

  /** Asks the source for one item, when there is room for it. */
  private async pullSource(): Promise<void> {
    const [first] = this.stages;
    if (this.isPulling || this.isClosed || !hasRoom(first)) return;
    this.isPulling = true;
    try {
      const pulled = await this.source.next();
      if (pulled.done === true) this.isExhausted = this.isClosed = true;
      else this.accept(pulled.value);
    } catch (error) {
      this.isExhausted = true;
      this.fail(error);
    } finally {
      this.isPulling = false;
    }
    this.moveItems();
  }

  private accept(value: unknown): void {
    // While the source was making it, an item may have failed; what comes after that is not begun.
    if (!this.isClosed) this.startItem(this.stages[0], { isDone: false, skipsRest: false, value, failure: undefined });
  }

  /** Lets an error follow the items that are on their way. */
  private fail(error: unknown): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.stages[0].items.push({ isDone: true, skipsRest: true, value: undefined, failure: { error } });
    this.moveItems();
  }

  private async closeSource(): Promise<void> {
    this.isClosed = true;
    if (this.isExhausted) return;
    const close = async (): Promise<void> => {
      await this.source.return?.();
    };
    // One that is making an item, perhaps for ever, is not waited for.
    if (this.isPulling) void close().catch(() => undefined);
    else await close().catch((error: unknown) => this.throwUnlessFailed(error));
  }

  /** Only the first error counts. */
  private throwUnlessFailed(error: unknown): void {
    if (!this.hasFailed) throw error;
  }
}

function hasRoom({ items, limit }: Stage): boolean {
  return items.length < limit;
}
