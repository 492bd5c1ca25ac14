import { DuplicateTaskError } from '../errors';
import type { TaskDefaults, TaskInfo } from '../protocol/messages';
import type { Handler } from './handler';

/** Which method of which class is behind a task; functions have none. */
export interface TaskOrigin {
  className: string;
  methodName: string;
}

export interface TaskEntry {
  handler: Handler;
  origin: TaskOrigin | undefined;
  defaults: TaskDefaults | undefined;
}

/** The tasks of one slave by name. A Map, so that a task may be called `constructor` and `toString` is none unless registered. */
export class TaskTable {
  private readonly entries = new Map<string, TaskEntry>();

  /** @throws DuplicateTaskError */
  add(name: string, entry: TaskEntry): void {
    const known = this.entries.get(name);
    if (known !== undefined) throw new DuplicateTaskError(name, describe(known.origin), describe(entry.origin));
    this.entries.set(name, entry);
  }

  get(name: string): TaskEntry | undefined {
    return this.entries.get(name);
  }

  /** What the master is told. */
  list(): TaskInfo[] {
    return Array.from(this.entries, ([name, entry]) => offerOf(name, entry));
  }
}

/** What the master is told of a task. */
export function offerOf(name: string, { origin, defaults }: TaskEntry): TaskInfo {
  return defaults === undefined ? { name, ...origin } : { name, ...origin, defaults };
}

function describe(origin: TaskOrigin | undefined): string {
  return origin === undefined ? 'slave.task(…)' : `${origin.className}.${origin.methodName}`;
}
