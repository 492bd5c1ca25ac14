import { AsyncLocalStorage } from 'node:async_hooks';
import type { TaskContext } from './handler';

const running = new AsyncLocalStorage<TaskContext>();

/** Calls back with `context` as the context of the running task, also in the awaits, timers and events that the call starts. */
export function runInContext<Result>(context: TaskContext, call: () => Result): Result {
  return running.run(context, call);
}

/** The context of the running task, or undefined outside of a task. */
export function runningContext(): TaskContext | undefined {
  return running.getStore();
}
