import { expect } from 'chai';
import { Master, type MasterOptions } from 'dist-io';
import { fixture } from '../support/fixture';

const DEFAULTS = {
  runtime: 'process',
  host: undefined,
  version: undefined,
  group: undefined,
  args: [],
  env: {},
  cwd: undefined,
  execPath: undefined,
  execArgv: undefined,
  title: undefined,
  stdout: 'inherit',
  stderr: 'inherit',
  timeout: Infinity,
  rejectOnError: false,
  callerStack: false,
  maxPayload: 256 * 1024 * 1024,
  concurrency: Infinity,
  maxPending: Infinity,
  maxPendingBytes: Infinity,
  shutdown: 5000,
  unref: false,
  startTimeout: 30_000,
  restart: 'temporary',
  strategy: 'one_for_one',
  intensity: 3,
  period: 5000,
  spares: 0,
  responsive: { within: Infinity },
  maxTasks: Infinity,
  maxMemory: Infinity,
  maxAge: Infinity,
  backoff: { initialInterval: 100, backoffCoefficient: 2, maximumInterval: 10_000, jitter: 0.2 },
};

describe('master: options', () => {
  let master: Master;
  beforeEach(() => {
    master = new Master({ runtime: 'thread' });
  });
  afterEach(() => master.exit());

  const create = (options = {}) => master.createSlave(fixture('own-options.js'), options);

  it('getOptions - returns the defaults of the library', () => {
    expect(new Master().getOptions()).to.deep.equal(DEFAULTS);
  });

  it('getOptions - returns the given options in ms and bytes', () => {
    const options: MasterOptions = { timeout: '1.5 S', shutdown: 0, maxPayload: '1.5MB', group: 'all', env: { A: 'a' } };
    const expected = { ...DEFAULTS, timeout: 1500, shutdown: Infinity, maxPayload: 1.5 * 1024 * 1024, group: 'all', env: { A: 'a' } };
    expect(new Master(options).getOptions()).to.deep.equal(expected);
    expect(new Master().setOptions(options).getOptions()).to.deep.equal(expected);
  });

  it('getOptions - its result can be passed to setOptions', () => {
    const other = new Master({ timeout: '5s', shutdown: 0, stderr: 'ignore', args: ['a'] });
    expect(new Master(other.getOptions()).getOptions()).to.deep.equal(other.getOptions());
    expect(other.setOptions(new Master().getOptions()).getOptions()).to.deep.equal(DEFAULTS);
  });

  it('getOptions - returns a copy', () => {
    const options = master.getOptions() as unknown as { timeout: number; args: string[]; env: Record<string, string> };
    options.timeout = 1;
    for (const spoil of [() => options.args.push('a'), () => Object.assign(options.env, { A: 'a' })]) expect(spoil).to.throw(TypeError);
    expect(master.getOptions()).to.deep.equal({ ...DEFAULTS, runtime: 'thread' });
    expect(new Master().getOptions()).to.deep.equal(DEFAULTS);
  });

  it('setOptions - applies to slaves created afterwards', () => {
    const before = create();
    master.setOptions({ timeout: '1m', group: 'later', rejectOnError: true });
    const after = create();
    expect([before.timeout, before.group, before.rejectOnError]).to.deep.equal([Infinity, null, false]);
    expect([after.timeout, after.group, after.rejectOnError, after.runtime]).to.deep.equal([60_000, 'later', true, 'thread']);
  });

  it('setOptions - the options of a slave take precedence', async () => {
    master.setOptions({ timeout: '1m', maxPayload: '1mb', env: { A: 'master', B: 'master' } });
    const own = create({ timeout: 0, maxPayload: '2mb', env: { A: 'own' } });
    expect(own.timeout).to.equal(Infinity);
    expect((await own.exec('get')).value).to.include({ maxPayload: 2 * 1024 * 1024 });
    const about = master.createSlave(fixture('about.js'), { env: { A: 'own' } });
    expect([(await about.exec('env', 'A')).value, (await about.exec('env', 'B')).value]).to.deep.equal(['own', 'master']);
    expect(master.getOptions().env).to.deep.equal({ A: 'master', B: 'master' });
  });

  it('setOptions - changes only the named options; undefined resets to the default', () => {
    master.setOptions({ timeout: '1m' }).setOptions({ rejectOnError: true });
    expect(master.getOptions()).to.include({ timeout: 60_000, rejectOnError: true, runtime: 'thread' });
    master.setOptions({ timeout: undefined, runtime: undefined });
    expect(master.getOptions()).to.deep.equal({ ...DEFAULTS, rejectOnError: true });
    expect(create({ runtime: 'thread' }).timeout).to.equal(Infinity);
  });

  it('setOptions - with a mistake changes nothing', () => {
    expect(() => master.setOptions({ timeout: '1m', shutdwn: 1 } as MasterOptions)).to.throw(TypeError, `Did you mean 'shutdown'?`);
    expect(() => master.setOptions({ rejectOnError: true, timeout: '1,5s' })).to.throw(TypeError, `'1,5s'`);
    for (const wrong of [null, undefined, 5, 'timeout'] as never[])
      expect(() => master.setOptions(wrong)).to.throw(TypeError, 'must be an object');
    expect(master.getOptions()).to.deep.equal({ ...DEFAULTS, runtime: 'thread' });
  });

  it('setOptions - copies arrays and objects', () => {
    const [args, env] = [['a'], { A: 'a' }];
    master.setOptions({ args, env });
    args.push('b');
    env.A = 'b';
    expect(master.getOptions()).to.deep.include({ args: ['a'], env: { A: 'a' } });
  });

  it('alias - is not an option of a master', () => {
    expect(() => new Master({ alias: 'one' } as MasterOptions)).to.throw(TypeError, `There is no option 'alias'`);
    expect(() => master.setOptions({ alias: 'one' } as MasterOptions)).to.throw(TypeError, `There is no option 'alias'`);
  });

  it('static - Master.getOptions and setOptions use the default master', () => {
    try {
      Master.setOptions({ timeout: '7s' });
      expect(Master.getOptions()).to.deep.equal({ ...DEFAULTS, timeout: 7000 });
      expect(new Master().getOptions()).to.deep.equal(DEFAULTS);
    } finally {
      Master.setOptions({ timeout: undefined });
    }
    expect(Master.getOptions()).to.deep.equal(DEFAULTS);
  });
});
