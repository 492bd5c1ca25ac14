import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { AbortError, Master, QueueFullError, SlaveExitedError, SpawnError } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';

const idle = () => new Readable({ objectMode: true, read: () => undefined });

describe('workpool: streams', () => {
  let master: Master;
  beforeEach(() => (master = new Master({ runtime: 'thread' })));
  afterEach(() => master.exit({ pending: 'abort' }));

  it('workpool - accepts a stream as data', async () => {
    const pool = master.createWorkpool(...master.createSlaves(2, fixture('input.js')));
    const pieces = Array.from({ length: 6 }, (_, i) => pool.do('collect', Readable.from([i, i + 1])));
    expect((await Promise.all(pieces)).map(({ value }) => value)).to.deep.equal(pieces.map((_, i) => [i, i + 1]));
  });

  it('workpool - a stream is never sent twice, not even if the slave did not read it', async () => {
    const pool = master.createWorkpool(
      master.createSlave(fixture('throws-on-load.js'), { stderr: 'ignore' }),
      master.createSlave(fixture('input.js')),
    );
    const responses = await Promise.all([0, 1].map((i) => pool.do('collect', Readable.from([i]))));
    // Sent again, it would be read to its end already, and the answer an empty array.
    expect(responses.filter(({ ok }) => ok).map(({ value }) => value)).to.deep.equal([[1]]);
    expect(responses[0].error).to.be.an.instanceOf(SpawnError);
  });

  it('workpool - transferred buffers are never sent twice', async () => {
    const pool = master.createWorkpool(
      master.createSlave(fixture('throws-on-load.js'), { stderr: 'ignore' }),
      master.createSlave(fixture('input.js')),
    );
    const data = new ArrayBuffer(8);
    const { error } = await pool.do('echo', data, { transfer: [data] });
    expect(error).to.be.an.instanceOf(SpawnError);
  });

  it('workpool - a stream with retries or repetitions throws a TypeError', async () => {
    const slaves = master.createSlaves(2, fixture('input.js'));
    const pool = master.createWorkpool(...slaves);
    expect(() => pool.do('collect', Readable.from([1]), { retries: 1 })).to.throw(TypeError, 'once');
    expect(() => pool.while((i) => i < 2).do('collect', Readable.from([1]))).to.throw(TypeError, 'once');
    const parallel = master
      .createParallel()
      .addTask('collect', Readable.from([1]))
      .for(...slaves);
    const error = await rejection(Promise.resolve().then(() => parallel.execute()));
    expect(error).to.be.an.instanceOf(TypeError);
  });

  it('workpool - of two waiting jobs with one stream, the second fails and the pool goes on', async () => {
    const pool = master.createWorkpool(master.createSlave(fixture('input.js')));
    const before = new Readable({ objectMode: true, read: () => undefined });
    const first = pool.do('collect', before);
    const shared = Readable.from([1, 2]);
    const pieces = [pool.do('collect', shared), pool.do('collect', shared), pool.do('echo', 'after')];
    before.push(null);
    await first;
    const [one, other, after] = await Promise.all(pieces);
    expect(one.value).to.deep.equal([1, 2]);
    expect(other.error).to.be.an.instanceOf(TypeError).with.property('message').that.contains('has been sent already');
    expect(after.value).to.equal('after');
    expect(pool).to.include({ running: 0, waiting: 0 });
  });

  it('workpool - a refused or cancelled job closes its stream', async () => {
    const pool = master.createWorkpool(master.createSlave(fixture('input.js')), { maxQueue: 2 });
    const held = idle();
    const first = pool.do('collect', held);
    const controller = new AbortController();
    const waiting = createReadStream(__filename);
    const aborted = pool.do('collect', waiting, { signal: controller.signal });
    const late = createReadStream('/no/such/file');
    const failed = pool.do('collect', late);
    const refused = createReadStream(__filename);
    const closed = [waiting, refused, late].map((stream) => new Promise<void>((resolve) => stream.once('close', resolve)));
    expect((await pool.do('collect', refused)).error).to.be.an.instanceOf(QueueFullError);
    controller.abort();
    expect((await aborted).error).to.be.an.instanceOf(AbortError);
    await Promise.all(closed);
    held.push(null);
    expect((await first).value).to.deep.equal([]);
    expect((await failed).error).to.have.property('code', 'ENOENT');
    const unwanted = idle();
    await pool.exit();
    expect((await pool.do('collect', unwanted)).error).to.be.an.instanceOf(SlaveExitedError);
    expect(unwanted.destroyed).to.equal(true);
  });

  for (const isExiting of [false, true])
    it(`exit - waits for no stream whose reader has left ${isExiting ? 'after' : 'before'} it was called, though its task goes on`, async () => {
      const pool = master.createPool(1, fixture('streams.js'), { shutdown: 1000 });
      const stream = pool.stream('never again');
      await stream.next();
      const exits = isExiting ? pool.exit() : undefined;
      await stream.return();
      expect(pool.running).to.equal(1);
      expect(await (exits ?? pool.exit())).to.have.nested.property('[0].forced', true);
    });

  it('workpool - a job lost to the kill of another task is retried on another member', async () => {
    const pool = master.createWorkpool(master.createSlave(fixture('kill.js')), { concurrency: 2 });
    await pool.slaves[0].ready();
    const hostile = pool.do('deaf', 1, { timeout: 20, cancel: 'kill', grace: 10 });
    const lost = pool.do('wait at first', 1, { retries: 1 });
    pool.add(master.createSlave(fixture('kill.js')));
    expect((await hostile).error).to.have.property('code', 'TIMEOUT');
    const { value, attempt } = await lost;
    expect([value, attempt]).to.deep.equal([2, 2]);
  });
});
