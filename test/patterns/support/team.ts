import { Master, type SlaveHandle, type SlaveOptions } from 'dist-io';

/** Slaves that the tests of one `describe` share. */
export interface Team {
  readonly master: Master;
  /** Two threads, in the group `workers`. */
  readonly worker1: SlaveHandle;
  readonly worker2: SlaveHandle;
  /** In this process; in no group unless the options say so. */
  readonly inline: SlaveHandle;
}

/** Creates a team before the tests and ends it after them. */
export function createTeam(file: string, inlineOptions: SlaveOptions = {}): Team {
  const master = new Master({ runtime: 'thread' });
  const team = { master } as { -readonly [Name in keyof Team]: Team[Name] };
  before(() => {
    [team.worker1, team.worker2] = master.createSlaves(2, file, { alias: 'worker', group: 'workers' });
    team.inline = master.createSlave(file, { ...inlineOptions, runtime: 'inline' });
  });
  after(() => master.exit({ pending: 'abort' }));
  return team;
}
