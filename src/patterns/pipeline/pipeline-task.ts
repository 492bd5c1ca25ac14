import type { Metadata } from '../../requests/metadata';
import type { Response, SucceededResponse } from '../../handles/slave-response';
import type { Selector } from '../../handles/selector';
import { checkedMetadata } from '../checked-metadata';
import type { Pipeline, PipelineMapOptions } from './pipeline';
import type { RunOptions } from '../pattern-run';

/**
 * Looks at what a step of a pipeline has answered, before the next step begins.
 *
 * @param response the response of the step
 * @param end ends the pipeline with a value; without one, with that of the response. An `Error` fails it, as `done(error)` fails a task
 * @returns what the next step gets in place of the response's value; `undefined` leaves that as it is. It may be a promise
 */
export type Interceptor<Value = unknown> = (response: SucceededResponse<Value>, end: (value?: unknown) => void) => unknown;

/** One step of a {@link Pipeline}. `for` and `intercept` speak of this step, whichever was added since; the rest of its pipeline. */
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
   * Says who may execute this step: each time, it is the one of them with the least to do. Without it, all living slaves may.
   * Calling it again names others instead.
   */
  for(...selectors: Selector[]): this {
    this.selectors = selectors;
    return this;
  }

  /** Has a function look at what this step answers when it goes well. Calling it again sets another. @throws TypeError when it is none */
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
