import type { Metadata } from '../../requests/metadata';
import type { Response } from '../../handles/slave-response';
import type { LivingSlaves } from '../../handles/living-slaves';
import { readOptions, type OptionReader, integerFrom } from '../../option-rules';
import { candidates } from '../candidates';
import { PipelineFlow } from './pipeline-flow';
import { PipelineStep } from './pipeline-step';
import { PipelineTask } from './pipeline-task';
import { PatternRun, RUN_RULES, type RunOptions } from '../pattern-run';
import { isAsyncSource } from '../source';

/** The options of {@link Pipeline.map}. */
export interface PipelineMapOptions extends RunOptions {
  /** Number of items that each step may hold, in execution or waiting for the next step. Default: two for each of its slaves. */
  highWaterMark?: number;
}

const MAP_RULES = { ...RUN_RULES, highWaterMark: integerFrom(1) } satisfies Record<keyof PipelineMapOptions, OptionReader>;

/**
 * Executes tasks one after the other, each with the value of the previous one. Created by `master.createPipeline()`. It can be executed any
 * number of times; executions may overlap.
 *
 * @typeParam Data the type of the first task's data
 * @typeParam Value the type of the last task's value
 * @example
 * ```js
 * const pipeline = master.createPipeline().addTask('fetch').for('readers').addTask('parse').addTask('store').for('database');
 * const response = await pipeline.execute(url);
 * for await (const value of pipeline.map(urls)) console.log(value);
 * ```
 */
export class Pipeline<Data = unknown, Value = unknown> {
  private tasks: readonly PipelineTask<Data, Value>[] = [];

  /** @internal */
  constructor(private readonly slaves: LivingSlaves) {}

  /**
   * Adds a step.
   *
   * @returns the step: configure it with `for` and `intercept`, or continue with the methods of the pipeline
   * @throws TypeError for arguments of a wrong type
   */
  addTask(task: string, metadata?: Metadata): PipelineTask<Data, Value> {
    const added = new PipelineTask<Data, Value>(this, task, metadata);
    this.tasks = [...this.tasks, added];
    return added;
  }

  /** Removes a step: the object that {@link addTask} returned, or every step of a name. A step that is not in the pipeline is ignored. */
  removeTask(task: PipelineTask<Data, Value> | string): this {
    this.tasks = this.tasks.filter((step) => step !== task && step.task !== task);
    return this;
  }

  /**
   * Executes the first step with the data, the second with the value of the first, and so on.
   *
   * @returns the response of the last step, or of the step that failed or ended the pipeline
   * @throws TypeError synchronously, for options of a wrong type
   * @throws UnknownSlaveError as a rejection, when a selector matches no slave; nothing is executed
   * @throws NoSlaveError as a rejection, when there is no slave; nothing is executed
   * @throws the error of an interceptor, as a rejection
   */
  execute(data: Data, options?: RunOptions): Promise<Response<Value>> {
    return this.run(data, new PatternRun(options));
  }

  /**
   * Executes the pipeline for every item of a source, with all steps working at the same time. Starts when the first value is requested.
   *
   * @returns the values, in the order of the items. The iteration throws the error of the first item that fails
   * @throws TypeError synchronously, for arguments of a wrong type
   */
  map(source: Iterable<Data> | AsyncIterable<Data>, options: PipelineMapOptions = {}): AsyncGenerator<Value, void, undefined> {
    const { highWaterMark, ...limits } = readOptions(options, MAP_RULES);
    const isAsync = isAsyncSource(source);
    return this.flow(() => (isAsync ? source[Symbol.asyncIterator]() : awaitItems(source)), limits, highWaterMark);
  }

  private async run(data: Data, run: PatternRun): Promise<Response<Value>> {
    try {
      let value: unknown = data;
      const steps = this.steps(run);
      for (const step of steps.slice(0, -1)) {
        const { response, skipsRest: isLast } = await step.run(value);
        if (isLast) return response as Response<Value>;
        value = response.value;
      }
      return (await steps[steps.length - 1].run(value)).response as Response<Value>;
    } finally {
      run.end();
    }
  }

  private async *flow(
    iterate: () => AsyncIterator<Data>,
    limits: RunOptions,
    highWaterMark: number | undefined,
  ): AsyncGenerator<Value, void, undefined> {
    const run = new PatternRun(limits);
    try {
      const steps = this.steps(run);
      yield* new PipelineFlow(steps, iterate(), run, highWaterMark).values() as AsyncGenerator<Value, void, undefined>;
    } finally {
      run.end();
    }
  }

  private steps(run: PatternRun): PipelineStep[] {
    if (this.tasks.length === 0) throw new TypeError('A pipeline needs a task. Add one: pipeline.addTask(…).');
    return this.tasks.map((task) => new PipelineStep(task, candidates(this.slaves, task.selectors, task.task), run));
  }
}

/** Awaits the items that are promises. */
// eslint-disable-next-line @typescript-eslint/require-await -- `yield*` awaits
async function* awaitItems<Item>(source: Iterable<Item>): AsyncGenerator<Item, void, undefined> {
  yield* source;
}
