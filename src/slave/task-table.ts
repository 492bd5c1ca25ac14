import { DuplicateTaskError } from '../errors';
import type { TaskInfo } from '../protocol/messages';
import type { Handler } from './handler';

/** Which method of which class is behind a task; functions have none. */
export interface TaskOrigin {
  className: string;
  methodName: string;
}

export interface TaskEntry {
  handler: Handler;
  origin: TaskOrigin | undefined;
}

/** The tasks of one slave by name. A Map, so that a task may be called `constructor` and `toString` is none unless registered. */
export class TaskTable {
  private readonly entries = new Map<string, TaskEntry>();

  /** @throws DuplicateTaskError */
  add(name: string, handler: Handler, origin?: TaskOrigin): void {
    const known = this.entries.get(name);
    if (known !== undefined) throw new DuplicateTaskError(name, describe(known.origin), describe(origin));
    this.entries.set(name, { handler, origin });
  }

  get(name: string): TaskEntry | undefined {
    return this.entries.get(name);
  }

  /** What the master is told. */
  list(): TaskInfo[] {
    return Array.from(this.entries, ([name, { origin }]) => ({ name, ...origin }));
  }
}

function describe(origin: TaskOrigin | undefined): string {
  return origin === undefined ? 'slave.task(…)' : `${origin.className}.${origin.methodName}`;
}
