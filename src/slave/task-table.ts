import { DuplicateTaskError } from '../errors';
import type { TaskDefaults, TaskInfo } from '../protocol/messages';
import type { Handler } from './handler';

/** The method that a task stands for. A task that was registered as a function has no origin. */
export interface TaskOrigin {
  className: string;
  methodName: string;
}

export interface TaskEntry {
  handler: Handler;
  origin: TaskOrigin | undefined;
  defaults: TaskDefaults | undefined;
}

/** The tasks of one slave by name. A Map, so that a task may be called `constructor` and `toString` is not a task unless registered. */
export class TaskTable {
  private readonly entries = new Map<string, TaskEntry>();
  private listener: ((task: TaskInfo) => void) | undefined;

  /** @throws DuplicateTaskError */
  add(name: string, entry: TaskEntry): void {
    const existing = this.entries.get(name);
    if (existing !== undefined) throw new DuplicateTaskError(name, describe(existing.origin), describe(entry.origin));
    this.entries.set(name, entry);
    this.listener?.(infoOf(name, entry));
  }

  get(name: string): TaskEntry | undefined {
    return this.entries.get(name);
  }

  /** Describes the tasks for the master. */
  list(): TaskInfo[] {
    return Array.from(this.entries, ([name, entry]) => infoOf(name, entry));
  }

  /** Calls back with each task that is added later. */
  onAdd(listener: (task: TaskInfo) => void): void {
    this.listener = listener;
  }
}

function infoOf(name: string, { origin, defaults }: TaskEntry): TaskInfo {
  return defaults === undefined ? { name, ...origin } : { name, ...origin, defaults };
}

function describe(origin: TaskOrigin | undefined): string {
  return origin === undefined ? 'slave.task(…)' : `${origin.className}.${origin.methodName}`;
}
