import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { Master, SlaveHandle } from 'dist-io';
import type { Fault } from './faults';
import type { Outcome, Use } from './uses';

/** What a cell must come to. `'value'`: as if nothing had happened. `'fault'`: the error of the fault, if it has an effect. */
type Expected = 'value' | 'fault' | 'value or fault' | 'fault or exit';

/** What a moment needs: a slave with the fault, the way to use it, and the file that decides whether its next start has the fault. */
export interface Stage {
  readonly master: Master;
  readonly slave: SlaveHandle;
  readonly fault: Fault;
  readonly use: Use;
  readonly marker: string;
}

/** When the fault happens. */
export interface Moment {
  readonly name: string;
  /** Whether the slave's first start has the fault. */
  readonly failsOnLoad?: boolean;
  readonly options?: { readonly concurrency?: number; readonly maxTasks?: number; readonly shutdown?: number };
  /** Why it makes no sense for a use. */
  readonly exception?: (use: Use) => string | undefined;
  /** How often the tasks of the cell are executed: at most, and when all goes well. */
  readonly executions: number;
  readonly expected: (fault: Fault) => Expected;
  readonly run: (stage: Stage) => Promise<Outcome>;
}

const event = (slave: SlaveHandle, name: 'ready' | 'restart' | 'error' | 'request'): Promise<unknown> =>
  new Promise((resolve) => slave.once(name, resolve));

const noStreams = (use: Use): string | undefined => (use.isStream ? 'its items are small, and each is sent whole' : undefined);

/** Lets the next start of the slave have the fault. */
const failNextLoad = (marker: string): void => {
  if (existsSync(marker)) rmSync(marker);
};

export const MOMENTS: readonly Moment[] = [
  {
    name: 'on load',
    failsOnLoad: true,
    executions: 1,
    expected: ({ hidesReady }) => (hidesReady ? 'value or fault' : 'value'),
    run: ({ master, slave, use }) => use.run(master, slave, 'plain'),
  },
  {
    name: 'idle',
    executions: 1,
    // The request may come before the thread is blocked, or wait in it.
    expected: ({ effect }) => (effect === 'block' ? 'value or fault' : 'value'),
    run: async ({ master, slave, fault, use }) => {
      await slave.ready();
      const died = event(slave, 'error');
      await slave.exec('fault later');
      if (fault.effect === 'death') await died;
      else await new Promise((resolve) => setTimeout(resolve, 20));
      return use.run(master, slave, 'plain');
    },
  },
  {
    name: 'queued',
    options: { concurrency: 1 },
    executions: 2,
    expected: () => 'value',
    run: async ({ master, slave, use }) => {
      const running = slave.exec('fault');
      const outcome = await use.run(master, slave, 'plain');
      await running;
      return outcome;
    },
  },
  {
    name: 'running',
    executions: 1,
    expected: () => 'fault',
    run: ({ master, slave, use }) => use.run(master, slave, 'fault'),
  },
  {
    name: 'result half sent',
    exception: noStreams,
    executions: 1,
    expected: () => 'value or fault',
    run: ({ master, slave, use }) => use.run(master, slave, 'fault after a large answer'),
  },
  {
    name: 'stream half read',
    exception: ({ name }) =>
      ['exec', 'client', 'pool'].includes(name) ? undefined : name === 'stream out' ? 'it is the moment "running"' : 'it takes one value',
    executions: 1,
    expected: () => 'fault',
    run: ({ master, slave, use }) => use.run(master, slave, 'fault in a stream'),
  },
  {
    name: 'during exit',
    options: { shutdown: 400 },
    executions: 1,
    expected: () => 'fault or exit',
    run: async ({ master, slave, use }) => {
      const sent = event(slave, 'request');
      const outcome = use.run(master, slave, 'fault');
      await sent;
      await slave.exit();
      return outcome;
    },
  },
  {
    name: 'during restart',
    executions: 1,
    expected: ({ hidesReady }) => (hidesReady ? 'value or fault' : 'value'),
    run: async ({ master, slave, use, marker }) => {
      await slave.ready();
      failNextLoad(marker);
      const restarted = event(slave, 'restart');
      await slave.exec('exit');
      await restarted;
      return use.run(master, slave, 'plain');
    },
  },
  {
    name: 'during recycling',
    options: { maxTasks: 1 },
    executions: 1,
    expected: () => 'value',
    run: async ({ master, slave, use, marker }) => {
      await slave.ready();
      failNextLoad(marker);
      await slave.exec('incarnation');
      const outcome = await use.run(master, slave, 'plain');
      // The successor that could not load is followed by one that can.
      while (slave.restarts === 0) await Promise.race([event(slave, 'restart'), event(slave, 'error')]);
      return outcome;
    },
  },
];

/** Marks that the fault has happened, so that a start goes well. */
export function markLoaded(marker: string): void {
  writeFileSync(marker, '');
}
