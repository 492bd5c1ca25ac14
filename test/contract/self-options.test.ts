import { expect } from 'chai';
import { PayloadTooLargeError, type SlaveHandle } from 'dist-io';
import { contract } from './runtimes';

const KB = 1024;

contract('self options', (suite) => {
  let slave: SlaveHandle;
  beforeEach(() => {
    slave = suite.createSlave('own-options.js', { maxPayload: '1mb' });
  });
  afterEach(() => slave.exit());

  const made = async (one: SlaveHandle, kb: number) => (await one.exec('make', kb)).error;

  suite.it('self options - default to the options that the master set', async () => {
    expect((await slave.exec('get')).value).to.deep.equal({ maxPayload: KB * KB, title: undefined });
    const other = suite.createSlave('own-options.js', { maxPayload: 0, title: 'given' });
    expect((await other.exec('get')).value).to.deep.equal({ maxPayload: Infinity, title: 'given' });
  });

  suite.it('self options - maxPayload limits what the slave sends at once, not what it receives', async () => {
    expect(await made(slave, 200)).to.equal(null);
    expect((await slave.exec('set', { maxPayload: '100 KB' })).ok).to.equal(true);
    expect((await slave.exec('get')).value).to.include({ maxPayload: 100 * KB });
    expect(await made(slave, 200))
      .to.be.an.instanceOf(PayloadTooLargeError)
      .with.property('limit', 100 * KB);
    expect(await made(slave, 99)).to.equal(null);
    expect((await slave.exec('take', Buffer.alloc(200 * KB))).value).to.equal(200 * KB);
  });

  suite.it('self options - can be set while the file loads', async () => {
    const early = suite.createSlave('own-options.js', { alias: 'early' });
    expect(await made(early, 200))
      .to.be.an.instanceOf(PayloadTooLargeError)
      .with.property('limit', 100 * KB);
    expect((await early.exec('get')).value).to.include({ maxPayload: 100 * KB });
    await early.exit();
  });

  suite.it("self options - undefined resets an option to the master's value", async () => {
    await slave.exec('set', { maxPayload: '100kb' });
    await slave.exec('take back', 'maxPayload');
    expect((await slave.exec('get')).value).to.include({ maxPayload: KB * KB });
    expect(await made(slave, 200)).to.equal(null);
  });

  for (const maxPayload of ['2mb', 0, Infinity]) {
    suite.it(`self options - maxPayload ${maxPayload} exceeds the master's and is rejected`, async () => {
      const { error } = await slave.exec('set', { maxPayload });
      expect(error)
        .to.be.an.instanceOf(TypeError)
        .with.property('message')
        .that.contains(`at most ${KB * KB}`);
      expect((await slave.exec('get')).value).to.include({ maxPayload: KB * KB });
    });
  }

  suite.it('self options - maxPayload may be anything if the master has no limit', async () => {
    const free = suite.createSlave('own-options.js', { maxPayload: 0 });
    await free.exec('set', { maxPayload: '2mb' });
    expect(await made(free, 1500)).to.equal(null);
    await free.exec('set', { maxPayload: 0 });
    expect(await made(free, 3 * KB)).to.equal(null);
    await free.exit();
  });

  suite.it('self options - a wrong name or value throws and changes nothing', async () => {
    for (const [options, words] of [
      [{ maxPayload: '100kb', titel: 'x' }, `There is no option 'titel'. Did you mean 'title'? The options are: maxPayload, title.`],
      [{ maxPayload: '12 apples' }, `maxPayload must be a size in bytes or a string such as '64mb' (b, kb, mb, gb), not '12 apples'.`],
      [{ title: '' }, `title must be a non-empty string, not ''.`],
      [null, 'The options must be an object, not null.'],
    ] as const) {
      const { error } = await slave.exec('set', options);
      expect(error).to.be.an.instanceOf(TypeError).with.property('message', words);
    }
    expect((await slave.exec('get')).value).to.deep.equal({ maxPayload: KB * KB, title: undefined });
  });

  suite.it('self options - a wrong one at load fails the start with its message', async () => {
    const { error } = await suite.createSlave('own-options.js', { alias: 'wrong', stderr: 'ignore' }).exec('get');
    expect(error).to.have.property('code', 'SPAWN_FAILED');
    expect(error).to.have.property('message').that.contains(`Did you mean 'maxPayload'?`);
  });

  suite.it('self options - getOptions returns a copy', async () => {
    await slave.exec('spoil');
    expect((await slave.exec('get')).value).to.include({ maxPayload: KB * KB });
  });

  suite.it('self options - each slave has its own', async () => {
    const other = suite.createSlave('own-options.js', { maxPayload: '1mb' });
    await slave.exec('set', { maxPayload: '100kb', title: 'one' });
    expect((await slave.exec('get')).value).to.deep.equal({ maxPayload: 100 * KB, title: 'one' });
    expect((await other.exec('get')).value).to.deep.equal({ maxPayload: KB * KB, title: undefined });
    expect(await made(other, 200)).to.equal(null);
    await other.exit();
  });

  suite.it('self options - title sets the title of a process slave only', async () => {
    const before = process.title;
    await slave.exec('set', { title: 'renamed' });
    expect((await slave.exec('title')).value).to.equal(suite.runtime === 'process' ? 'renamed' : before);
    expect(process.title).to.equal(before);
  });
});
