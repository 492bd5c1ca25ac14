import type { Metadata } from '../../requests/metadata';
import type { Response, SucceededResponse } from '../../handles/slave-response';
import type { Selector } from '../../handles/selector';
import { checkedMetadata } from '../checked-metadata';
import type { Pipeline, PipelineMapOptions } from './pipeline';
import type { RunOptions } from '../pattern-run';

/**
 * Inspects the response of a pipeline step before the next step starts, and may replace its value.
 *
 * @param response the response of the step
 * @param end ends the pipeline with a value, by default that of the response. An `Error` fails the pipeline, as `done(error)` fails a task
 * @returns the data of the next step, or a promise of them; `undefined` keeps the response's value
 */
export type Interceptor<Value = unknown> = (response: SucceededResponse<Value>, end: (value?: unknown) => void) => unknown;

/** One step of a {@link Pipeline}. `for` and `intercept` configure this step; the other methods are those of the pipeline. */
export class PipelineTask<Data = unknown, Value = unknown> {
  /** @internal */
  selectors: readonly Selector[] = [];
  /** @internal */
  interceptor: Interceptor | undefined;
  /** @internal */
  readonly metadata: Metadata;

  /** @internal */
  constructor(
    private readonly pipeline: Pipeline<Data, Value>,
    /** The name of the task. */
    readonly task: string,
    metadata: Metadata | undefined,
  ) {
    this.metadata = checkedMetadata(task, metadata);
  }

  /**
   * Selects the slaves that may execute this step; each execution uses the least busy of them. Default: all living slaves. Calling it again
   * replaces the selection.
   */
  for(...selectors: Selector[]): this {
    this.selectors = selectors;
    return this;
  }

  /**
   * Sets a function that is called with each successful response of this step. Calling it again replaces the function.
   *
   * @throws TypeError when the argument is not a function
   */
  intercept<Answer>(interceptor: Interceptor<Answer>): this {
    if (typeof interceptor !== 'function') throw new TypeError(`An interceptor must be a function, not ${String(interceptor)}.`);
    this.interceptor = interceptor as Interceptor;
    return this;
  }

  /** See {@link Pipeline.addTask}. */
  addTask(task: string, metadata?: Metadata): PipelineTask<Data, Value> {
    return this.pipeline.addTask(task, metadata);
  }

  /** See {@link Pipeline.removeTask}. */
  removeTask(task: PipelineTask<Data, Value> | string): Pipeline<Data, Value> {
    return this.pipeline.removeTask(task);
  }

  /** See {@link Pipeline.execute}. */
  execute(data: Data, options?: RunOptions): Promise<Response<Value>> {
    return this.pipeline.execute(data, options);
  }

  /** See {@link Pipeline.map}. */
  map(source: Iterable<Data> | AsyncIterable<Data>, options?: PipelineMapOptions): AsyncGenerator<Value, void, undefined> {
    return this.pipeline.map(source, options);
  }
}
