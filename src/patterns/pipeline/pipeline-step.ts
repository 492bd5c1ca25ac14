import type { Response, SucceededResponse } from '../../handles/slave-response';
import { createResponse } from '../../requests/response';
import type { SlaveHandle } from '../../handles/slave-handle';
import { pickLeastBusy } from '../candidates';
import type { Interceptor, PipelineTask } from './pipeline-task';
import type { PatternRun } from '../pattern-run';

/** What a step has made of its data. */
export interface StepResult {
  response: Response;
  /** Whether no step shall follow: this one failed, or its interceptor has ended the pipeline. */
  skipsRest: boolean;
}

/** A step of a pipeline in one run, with the slaves that its selectors named when the run began. */
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
    return this.withLimits(response, applyInterceptor(response, interceptor));
  }

  /** An interceptor may wait for ever; the whole does not. */
  private withLimits(response: Response, intercepting: Promise<StepResult>): Promise<StepResult> {
    return new Promise((resolve, reject) => {
      const over = (error: Error): void => {
        if (this.task.metadata.rejectOnError ?? response.slave.rejectOnError) reject(error);
        else resolve({ response: withValue(response, error, undefined), skipsRest: true });
      };
      const stop = this.patternRun.onLimit(response.task, over, response.slave.label);
      intercepting.then(resolve, reject).finally(stop);
    });
  }
}

async function applyInterceptor(response: SucceededResponse, interceptor: Interceptor): Promise<StepResult> {
  let ended: { value: unknown } | undefined;
  const returned = await interceptor(response, (value = response.value) => {
    ended ??= { value };
  });
  const next = ended !== undefined ? ended.value : returned === undefined ? response.value : returned;
  return { response: withValue(response, null, next), skipsRest: ended !== undefined };
}

function withValue({ slave, task, sent, received, attempt }: Response, error: Error | null, value: unknown): Response {
  return createResponse({ slave, task, sent, received, error, value, attempt });
}
