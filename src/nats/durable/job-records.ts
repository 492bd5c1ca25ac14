import type { JobPriority } from '../../master/durable';

/** What is stored of a job until it has finished. */
export interface StoredJob {
  readonly id: string;
  readonly task: string;
  readonly data: unknown;
  readonly priority: JobPriority;
  /** Whether the caller chose its id, so that it may have been submitted twice. */
  readonly isKeyed: boolean;
  /** In ms since the epoch: not before this. */
  readonly dueAt: number | null;
  /** The schedule that it is an occurrence of. */
  readonly schedule: { readonly name: string; readonly revision: number } | null;
}

/** The most urgent one first. */
export const PRIORITIES: readonly JobPriority[] = ['high', 'normal', 'low'];

/** What is stored of the run of a job, as its last state. */
export type JobRecord =
  | { readonly state: 'waiting'; readonly attempts: number; readonly deliveries: number }
  | { readonly state: 'done'; readonly attempts: number; readonly value: unknown }
  | { readonly state: 'dead'; readonly attempts: number; readonly error: Error };

/** A dead letter. */
export interface StoredDeadJob {
  readonly job: StoredJob;
  readonly error: Error;
  readonly attempts: number;
  /** In ms since the epoch. */
  readonly diedAt: number;
}

/** A repeated job. */
export interface StoredSchedule {
  readonly when: { readonly cron: string; readonly timezone: string | null } | { readonly every: number };
  readonly task: string;
  readonly data: unknown;
  /** In ms since the epoch: what `every` counts from. */
  readonly since: number;
}
