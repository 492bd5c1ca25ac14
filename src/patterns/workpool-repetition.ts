import type { Response } from '../master/response';
import { type ResponseArray, responseArray } from '../master/response-array';
import type { Dispatcher, Feeder } from './workpool-dispatcher';
import { Job, type Terms } from './workpool-job';

/** Whether a task shall be executed once more. @param i how often it has been begun @param responses those that have come, in the order of their coming */
export type Condition<Value = unknown> = (i: number, responses: ResponseArray<Value>) => boolean;

/** The executing of one task, as long as a condition holds. */
export class Repetition implements Feeder {
  /** Settles when all that was begun has been answered. */
  readonly finished: Promise<ResponseArray>;
  private resolve!: (responses: ResponseArray) => void;
  private reject!: (error: unknown) => void;
  /** In the order in which they were begun. */
  private readonly responses: Response[] = [];
  private readonly soFar = responseArray<unknown>([]);
  private begun = 0;
  private isOver = false;
  private isFeeding = false;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly condition: Condition,
    private readonly terms: Terms,
    private readonly data: unknown,
  ) {
    this.finished = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    dispatcher.addFeeder(this);
    this.feed();
  }

  feed(): void {
    // What the condition does may well lead here again.
    if (this.isFeeding) return;
    this.isFeeding = true;
    try {
      while (this.hasRoom) {
        // When nobody is left, a condition that waits for good answers would never end it.
        const isInVain = this.begun > 0 && !this.dispatcher.isOpen;
        if (!isInVain && this.condition(this.begun, this.soFar)) this.begin();
        else this.isOver = true;
      }
    } catch (error) {
      this.fail(error);
    }
    this.isFeeding = false;
    if (!this.isOver || this.soFar.length < this.begun) return;
    this.dispatcher.removeFeeder(this);
    this.resolve(responseArray(this.responses));
  }

  /** No further than the members can take at once: the condition shall know as many responses as can be. */
  private get hasRoom(): boolean {
    const { members, hasRoom } = this.dispatcher;
    return !this.isOver && hasRoom && this.begun - this.soFar.length < Math.max(1, members.capacity);
  }

  private begin(): void {
    const i = this.begun++;
    const answered = (response: Response): void => {
      this.responses[i] = response;
      this.soFar.push(response);
    };
    this.dispatcher.submit(new Job(this.terms, this.data, answered, (error) => this.fail(error)));
  }

  private fail(error: unknown): void {
    this.isOver = true;
    this.dispatcher.removeFeeder(this);
    this.reject(error);
  }
}
