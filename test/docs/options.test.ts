import { expect } from 'chai';
import { declarations, type Exported } from './declarations';
import { namesIn, tablesOf } from './tables';

/** Where the options of a type are set, as the column 'set at' says it, and what stands before their names. */
const PLACES: Record<string, [place: string, prefix?: string]> = {
  MasterOptions: ['master'],
  SlaveOptions: ['createSlave'],
  RestartOptions: ['createSlave'],
  MonitorOptions: ['createSlave'],
  BackoffOptions: ['createSlave', 'backoff.'],
  SelfOptions: ['Slave'],
  Metadata: ['metadata'],
  ScatterMetadata: ['createScatter'],
  RunOptions: ['run'],
  WorkpoolOptions: ['createWorkpool'],
  WorkpoolMapOptions: ['pool.map'],
  PipelineMapOptions: ['pipeline.map'],
  ExitOptions: ['exit'],
  BootstrapOptions: ['bootstrap'],
  SlaveModuleOptions: ['slaveModule'],
  TaskOptions: ['task'],
  ResultCacheOptions: ['task', 'cache.'],
  CacheOptions: ['cache'],
  ClusterOptions: ['connect'],
  DurableOptions: ['durable'],
  SubmitOptions: ['submit'],
};

/** What has no type of its own: what can be set on a handle, and asked of `ping`. */
const OTHERS = ['durable at createPool', 'timeout at handle', 'rejectOnError at handle', 'group at handle', 'timeout at ping'];

describe('docs: options.md', () => {
  const tables = tablesOf('options.md');
  const rows = tables.get('The table') ?? [];
  const exported = declarations();

  // The options of a pool are those of its slaves and those of a workpool.
  const types = [...exported.values()].filter(
    ({ name }) => /(Options|Metadata)$/.test(name) && name !== 'PoolOptions' && !name.startsWith('Resolved'),
  );
  /** What an interface has from another one is set where that says; `MasterOptions` is none. */
  const namesOf = ({ own, members }: Exported): string[] => (own.length > 0 ? own : members);
  const existing = types.flatMap((type) => {
    const [place, prefix = ''] = PLACES[type.name] ?? [];
    return namesOf(type).map((option) => `${prefix}${option} at ${place}`);
  });
  const listed = rows.flatMap(([name, , , , at]) => namesIn(at).map((place) => `${namesIn(name)[0]} at ${place}`));

  it('types - every options type has a known place', () => {
    const unknown = types.map(({ name }) => name).filter((name) => !Object.hasOwn(PLACES, name));
    expect(unknown, 'test/docs/options.test.ts: write into PLACES where they are set').to.deep.equal([]);
  });

  it('table - has a row for every option with all its places', () => {
    const missing = existing.filter((one) => !listed.includes(one));
    expect(missing, `docs/options.md: add a row, or the place to the row of the option`).to.deep.equal([]);
  });

  it('table - names only options and places that exist', () => {
    const known = [...existing, ...OTHERS];
    expect(listed.filter((one) => !known.includes(one))).to.deep.equal([]);
  });

  it('table - lists each option once', () => {
    expect(listed.filter((one, i) => listed.indexOf(one) < i)).to.deep.equal([]);
  });

  it('table - each row has a type, a default and a meaning', () => {
    for (const [name, type, byDefault, , at, what] of rows) expect([type, byDefault, at, what], name).not.to.include('');
    for (const [name, type, , unit] of rows) if (/size|duration/.test(type)) expect(unit, name).to.equal(type === 'size' ? 'bytes' : 'ms');
  });

  it('places - each word is explained on the page', () => {
    const explained = (tables.get('Where options are set') ?? []).map(([name]) => namesIn(name)[0]);
    expect(new Set(rows.flatMap(([, , , , at]) => namesIn(at)))).to.have.keys(explained);
  });

  it('handle - options listed as settable on a handle are settable', () => {
    const members = exported.get('SlaveHandle')?.members ?? [];
    for (const one of OTHERS.filter((other) => other.endsWith('handle'))) expect(members).to.include(one.split(' ')[0]);
  });
});
