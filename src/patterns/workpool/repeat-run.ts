import type { Response, ResponseArray } from '../../handles/slave-response';
import { responseArray } from '../../requests/response-array';
import type { Dispatcher, JobSource } from './workpool-dispatcher';
import { Job, type JobSpec } from './workpool-job';

/** Whether a task shall be executed once more. @param i how often it has been begun @param responses those that have come, in the order of their coming */
export type Condition<Value = unknown> = (i: number, responses: ResponseArray<Value>) => boolean;

/** The executing of one task, as long as a condition holds. */
export class RepeatRun implements JobSource {
  /** Settles when all that was begun has been answered. */
  readonly finished: Promise<ResponseArray>;
  private resolve!: (responses: ResponseArray) => void;
  private reject!: (error: unknown) => void;
  /** In the order in which they were begun. */
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
        // When nobody is left, a condition that waits for good answers would never end it.
        const isInVain = this.started > 0 && !this.dispatcher.isOpen;
        if (!isInVain && this.condition(this.started, this.completed)) this.begin();
        else this.isOver = true;
      }
    } catch (error) {
      this.fail(error);
    }
    if (!this.isOver || this.completed.length < this.started) return;
    this.dispatcher.removeSource(this);
    this.resolve(responseArray(this.responses));
  }

  /** No further than the members can take at once: the condition shall know as many responses as can be. */
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
