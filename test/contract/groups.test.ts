import { expect } from 'chai';
import { NoSlaveError, type SlaveGroup, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { contract } from './runtimes';

contract('groups', (suite) => {
  let slaves: SlaveGroup;
  beforeEach(() => {
    slaves = suite.master.createSlaves(3, fixture('echo.js'), { alias: 'worker' });
  });
  afterEach(() => slaves.exit());

  suite.it('groups - a group is an array of handles', async () => {
    expect(slaves).to.have.length(3);
    expect(slaves.map(({ alias }) => alias)).to.deep.equal(['worker', 'worker-1', 'worker-2']);
    expect(new Set(slaves.map(({ id }) => id)).size).to.equal(3);
    expect((await suite.master.broadcast('id').to(...slaves)).values).to.deep.equal(slaves.map(({ id }) => id));
    expect((await suite.master.tell(slaves).to('id')).values).to.deep.equal(slaves.map(({ id }) => id));
  });

  suite.it('groups - exec executes the task on every slave', async () => {
    await slaves.ready();
    expect((await slaves.exec('echo', 1)).values).to.deep.equal([1, 1, 1]);
  });

  suite.it('groups - exec reads the data once for all slaves', async () => {
    let reads = 0;
    const deep = {
      get counted() {
        return reads++ > Infinity;
      },
    };
    const data = { deep, at: new Date(0), bytes: Buffer.from('bytes') };
    const expected = { deep: { counted: false }, at: new Date(0), bytes: Buffer.from('bytes') };
    expect((await slaves[0].exec('echo', data)).value).to.deep.equal(expected);
    const once = reads;
    expect((await slaves.exec('echo', data)).values).to.deep.equal([expected, expected, expected]);
    expect(reads).to.equal(2 * once);
    expect((await suite.master.broadcast('echo', data).to(...slaves)).values).to.deep.equal([expected, expected, expected]);
    expect(reads).to.equal(3 * once);
  });

  suite.it('groups - each slave gets bytes of its own', async () => {
    const bytes = Buffer.from([1]);
    const others = suite.master.createSlaves(3, fixture('snapshot.js'));
    expect((await others.exec('increment', bytes)).values).to.deep.equal([Buffer.from([2]), Buffer.from([2]), Buffer.from([2])]);
    expect(bytes).to.deep.equal(Buffer.from([1]));
    await others.exit();
  });

  suite.it('groups - map and filter return plain arrays', () => {
    const plain = slaves.filter(({ alias }) => alias !== 'worker');
    expect(plain).to.have.length(2);
    expect(plain).not.to.have.property('exec');
  });

  suite.it('groups - random returns one of the slaves', () => {
    expect(slaves).to.include(slaves.random);
  });

  suite.it('groups - by returns the slave of a key, and only the keys of a slave that has ended move', async () => {
    const keys = Array.from({ length: 300 }, (_, i) => i);
    const before = keys.map((key) => slaves.by(key));
    expect(keys.map((key) => slaves.by(`${key}`))).to.deep.equal(before);
    // A third each, within reason.
    for (const slave of slaves) expect(before.filter((one) => one === slave).length).to.be.within(60, 140);
    await slaves[1].kill();
    for (const [i, key] of keys.entries()) {
      if (before[i] === slaves[1]) expect(slaves.by(key)).not.to.equal(slaves[1]);
      else expect(slaves.by(key)).to.equal(before[i]);
    }
  });

  suite.it('groups - by needs a string or a number, and a slave that accepts work', async () => {
    expect(() => slaves.by({} as never)).to.throw(TypeError, 'key must be a string or a number, not');
    await slaves.exit();
    expect(() => slaves.by('any')).to.throw(NoSlaveError);
  });

  suite.it('groups - a listener gets the events of every slave, with the slave first', async () => {
    const heard: SlaveHandle[] = [];
    slaves.on('response', (slave, response) => {
      expect(response.slave).to.equal(slave);
      heard.push(slave);
    });
    await slaves.exec('echo');
    expect(heard).to.have.members([...slaves]);
  });

  suite.it('groups - exit and kill resolve the reports of all slaves', async () => {
    const killed = suite.master.createSlaves(2, fixture('echo.js'));
    await killed.ready();
    expect((await killed.kill()).map(({ id }) => id)).to.deep.equal(killed.map(({ id }) => id));
    const reports = await slaves.exit();
    expect(reports).to.deep.equal(slaves.map(({ id }) => ({ id, code: 0, signal: null, forced: false })));
    expect([...suite.master.slaves]).to.deep.equal([]);
  });

  suite.it('groups - an empty group works', async () => {
    const none = suite.master.createSlaves(0, fixture('echo.js'));
    expect(none.random).to.equal(undefined);
    expect(await none.exit()).to.deep.equal([]);
  });

  suite.it('groups - createSlaves with a taken alias creates no slave', () => {
    const before = [...suite.master.slaves];
    expect(() => suite.master.createSlaves(2, fixture('echo.js'), { alias: 'worker' })).to.throw(
      "The alias 'worker' belongs to a living slave",
    );
    expect([...suite.master.slaves]).to.deep.equal(before);
  });

  suite.it('groups - a failed createSlaves uses up no id and no alias', async () => {
    const { master } = suite;
    const create = (count: number, alias: string) => master.createSlaves(count, fixture('echo.js'), { alias });
    const [taken] = create(1, 'helper-1');
    expect(() => create(3, 'helper')).to.throw("The alias 'helper-1' belongs to a living slave");
    expect(() => master.createSlave(fixture('echo.js'), { alias: 'helper', timeout: 'soon' })).to.throw(TypeError);
    expect(() => master.createSlave(5 as never, { alias: 'helper' })).to.throw(TypeError);
    const [helper] = create(1, 'helper');
    expect(helper).to.include({ alias: 'helper', id: taken.id + 1 });
    await Promise.all([taken.exit(), helper.exit()]);
  });

  suite.it('groups - each slave gets its own copy of the options', async () => {
    const told = Object.freeze({ list: Object.freeze([1]) });
    const responses = await suite.master.tell(slaves).to('echo', told, told);
    expect(responses.values).to.deep.equal([told, told, told]);
    expect(new Set([told, ...responses.values]).size).to.equal(4);
  });

  suite.it('groups - an alias is free again after its slave has ended', async () => {
    await slaves[0].exit();
    expect(suite.createSlave('echo.js', { alias: 'worker' }).alias).to.equal('worker');
    await suite.master.slave('worker').exit();
  });
});
