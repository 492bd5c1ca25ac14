import { createResponse, type Response, type SucceededResponse } from '../master/response';
import type { SlaveHandle } from '../master/slave-handle';
import { choose } from './candidates';
import type { Interceptor, PipelineTask } from './pipeline-task';
import type { Whole } from './whole';

/** What a step has made of its data. */
export interface StepResult {
  response: Response;
  /** Whether no step shall follow: this one failed, or its interceptor has ended the pipeline. */
  isLast: boolean;
}

/** A step of a pipeline in one run, with the slaves that its selectors named when the run began. */
export class PipelineStep {
  constructor(
    readonly task: Pick<PipelineTask, 'task' | 'metadata' | 'interceptor'>,
    readonly slaves: readonly SlaveHandle[],
    private readonly whole: Whole,
  ) {}

  async run(data: unknown): Promise<StepResult> {
    const { task, metadata, interceptor } = this.task;
    const response = await this.whole.request(choose(this.slaves), task, data, metadata);
    if (!response.ok) return { response, isLast: true };
    if (interceptor === undefined) return { response, isLast: false };
    return this.inTime(response, intercepted(response, interceptor));
  }

  /** An interceptor may wait for ever; the whole does not. */
  private inTime(response: Response, intercepting: Promise<StepResult>): Promise<StepResult> {
    return new Promise((resolve, reject) => {
      const over = (error: Error): void => {
        if (this.task.metadata.catchAll ?? response.slave.catchAll) reject(error);
        else resolve({ response: changed(response, error, undefined), isLast: true });
      };
      const stop = this.whole.onOver(response.task, over, response.slave.name);
      intercepting.then(resolve, reject).finally(stop);
    });
  }
}

async function intercepted(response: SucceededResponse<unknown>, interceptor: Interceptor): Promise<StepResult> {
  let ended: { value: unknown } | undefined;
  const returned = await interceptor(response, (value = response.value) => {
    ended ??= { value };
  });
  const next = ended !== undefined ? ended.value : returned === undefined ? response.value : returned;
  return { response: changed(response, null, next), isLast: ended !== undefined };
}

function changed({ slave, task, sent, received, attempt }: Response, error: Error | null, value: unknown): Response {
  return createResponse(slave, task, sent, received, error, value, attempt);
}
