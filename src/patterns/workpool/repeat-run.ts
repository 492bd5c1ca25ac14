import type { Response, ResponseArray } from '../../handles/slave-response';
import { responseArray } from '../../requests/response-array';
import type { AnyTasks, TaskArguments, TaskName, TaskResult } from '../../requests/task-types';
import type { Dispatcher, JobSource } from './workpool-dispatcher';
import { Job, type JobSpec } from './workpool-job';

/**
 * Returns whether to execute the task once more.
 *
 * @param i number of jobs started so far
 * @param responses the responses so far, in the order of arrival
 */
export type Condition<Value = unknown> = (i: number, responses: ResponseArray<Value>) => boolean;

/** Returned by `while(condition)`; its method `do` sets the task. */
export interface RepeatBuilder<Tasks = AnyTasks> {
  /**
   * Executes the task repeatedly, until the condition returns false.
   *
   * @returns all responses, in the order in which the jobs were started, once the last has arrived
   * @throws TypeError synchronously, for arguments of a wrong type
   */
  do<Name extends TaskName<Tasks>>(task: Name, ...args: TaskArguments<Tasks[Name]>): Promise<ResponseArray<TaskResult<Tasks[Name]>>>;
}

/** Executes one task repeatedly while a condition is true. */
export class RepeatRun implements JobSource {
  /** Settles when all started jobs have settled. */
  readonly finished: Promise<ResponseArray>;
  private resolve!: (responses: ResponseArray) => void;
  private reject!: (error: unknown) => void;
  /** In the order in which the jobs were started. */
  private readonly responses: Response[] = [];
  private readonly completed = responseArray([] as Response[]);
  private started = 0;
  private isOver = false;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly condition: Condition,
    private readonly spec: JobSpec,
    private readonly data: unknown,
  ) {
    this.finished = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    dispatcher.addSource(this);
  }

  refill(): void {
    try {
      while (this.hasRoom) {
        // Without members, all further jobs fail, and a condition that waits for successes would never be false.
        const isFutile = this.started > 0 && !this.dispatcher.isOpen;
        if (!isFutile && this.condition(this.started, this.completed)) this.begin();
        else this.isOver = true;
      }
    } catch (error) {
      this.fail(error);
    }
    if (!this.isOver || this.completed.length < this.started) return;
    this.dispatcher.removeSource(this);
    this.resolve(responseArray(this.responses));
  }

  /** Starts no more jobs than the members can run at the same time, so that the condition sees the newest responses. */
  private get hasRoom(): boolean {
    const { dispatcher, spec } = this;
    return !this.isOver && dispatcher.hasRoomFor(spec) && this.started - this.completed.length < Math.max(1, dispatcher.members.capacity);
  }

  private begin(): void {
    const i = this.started++;
    const answered = (response: Response): void => {
      this.responses[i] = response;
      this.completed.push(response);
    };
    this.dispatcher.submit(new Job(this.spec, this.data, { resolve: answered, reject: (error) => this.fail(error) }));
  }

  private fail(error: unknown): void {
    this.isOver = true;
    this.dispatcher.removeSource(this);
    this.reject(error);
  }
}
