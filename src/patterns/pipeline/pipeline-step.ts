import { types } from 'node:util';
import type { Response, SucceededResponse } from '../../handles/slave-response';
import { createResponse } from '../../requests/response';
import type { SlaveHandle } from '../../handles/slave-handle';
import { pickLeastBusy } from '../candidates';
import type { Interceptor, PipelineTask } from './pipeline-task';
import type { PatternRun } from '../pattern-run';

/** The result of a step. */
export interface StepResult {
  response: Response;
  /** Whether to skip the remaining steps: this one failed, or its interceptor ended the pipeline. */
  skipsRest: boolean;
}

/** A step of a pipeline in one run, with the slaves that its selectors matched at the start of the run. */
export class PipelineStep {
  constructor(
    readonly task: Pick<PipelineTask, 'task' | 'metadata' | 'interceptor'>,
    readonly slaves: readonly SlaveHandle[],
    private readonly patternRun: PatternRun,
  ) {}

  async run(data: unknown): Promise<StepResult> {
    const { task, metadata, interceptor } = this.task;
    const response = await this.patternRun.request(pickLeastBusy(this.slaves), task, data, metadata);
    if (!response.ok) return { response, skipsRest: true };
    if (interceptor === undefined) return { response, skipsRest: false };
    return this.withLimits(response, this.applyInterceptor(response, interceptor));
  }

  /** Applies the limits of the run while the interceptor is pending. */
  private withLimits(response: Response, intercepting: Promise<StepResult>): Promise<StepResult> {
    return new Promise((resolve, reject) => {
      const over = (error: Error): void => {
        if (this.rejectsOnError(response)) reject(error);
        else resolve({ response: withValue(response, error, undefined), skipsRest: true });
      };
      const stop = this.patternRun.onLimit(response.task, over, response.slave.label);
      intercepting.then(resolve, reject).finally(stop);
    });
  }

  private async applyInterceptor(response: SucceededResponse, interceptor: Interceptor): Promise<StepResult> {
    let ended: { value: unknown } | undefined;
    const returned = await interceptor(response, (value = response.value) => {
      ended ??= { value };
    });
    if (ended === undefined)
      return { response: withValue(response, null, returned === undefined ? response.value : returned), skipsRest: false };
    const { value } = ended;
    if (!isError(value)) return { response: withValue(response, null, value), skipsRest: true };
    if (this.rejectsOnError(response)) throw value;
    return { response: withValue(response, value, undefined), skipsRest: true };
  }

  private rejectsOnError({ slave }: Response): boolean {
    return this.task.metadata.rejectOnError ?? slave.rejectOnError;
  }
}

/** Accepts errors of other realms, such as `vm` contexts. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

function withValue({ slave, task, sent, received, attempt }: Response, error: Error | null, value: unknown): Response {
  return createResponse({ slave, task, sent, received, error, value, attempt });
}
