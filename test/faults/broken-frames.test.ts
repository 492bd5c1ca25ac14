import { expect } from 'chai';
import fc from 'fast-check';
import { Master, SlaveDiedError, type SlaveHandle } from 'dist-io';
import { answer, BROKEN, frame, message, nodes, UNPRINTABLE } from '../support/broken-frames';
import { fixture } from '../support/fixture';

/** Makes no sense, but harms nobody. */
const HARMLESS: Record<string, Buffer> = {
  'an answer to what nobody asked': answer(1000, 'forged'),
  'an answer below zero': answer(-1, 'forged'),
  'an answer to a purge that nobody asked for': message({ type: 'purged', id: 1000, files: 0, results: 0, bytes: 0 }),
  'an unknown message': message({ type: 'gossip', id: 1 }),
  'a message for slaves': message({ type: 'exit' }),
  'ready once more': message({ type: 'ready', tasks: [] }),
  'an empty batch': frame('[]'),
};

describe('faults: broken frames', () => {
  const master = new Master({ stderr: 'ignore' });
  let bystander: SlaveHandle;
  before(() => {
    bystander = master.createSlave(fixture('echo.js'));
  });
  after(() => master.kill());
  afterEach('the master and its other slaves live on', async () => {
    expect((await bystander.exec('echo', 'fine')).value).to.equal('fine');
  });

  // All of them are held by the tests of the protocol; here, one of each layer that they pass.
  for (const name of [
    'bytes at random',
    'a length beyond the limit',
    'no JSON',
    'an unknown node',
    'an answer to no number',
    'a refusal without words',
    'a purge without its counts',
  ]) {
    it(`${name} - end that slave and settle every pending exec`, async () => {
      const slave = master.createSlave(fixture('hostile.js'));
      // So that the broken bytes are alone in their write.
      await slave.exec('echo');
      const calls = [slave.exec('wait'), slave.exec('wait'), slave.exec('write', BROKEN[name])];
      const [first, second] = await Promise.all(calls);
      for (const { error } of [first, second]) {
        expect(error).to.be.an.instanceOf(SlaveDiedError);
        expect(error).to.include({ signal: 'SIGKILL', mayHaveExecuted: true, reason: 'crash' });
        expect(error?.message).to.match(/It sent malformed data \(.+\)\.$/);
      }
      expect(slave.isAlive).to.equal(false);
    });
  }

  it('an answer to a request that was not sent yet - is ignored, and the request gets its own answer', async () => {
    const slave = master.createSlave(fixture('hostile.js'), { concurrency: 1 });
    const writing = slave.exec('write', answer(1, 'forged'));
    expect((await slave.exec('echo', 'mine')).value).to.equal('mine');
    expect((await writing).value).to.equal('written');
    expect((await slave.exec('echo', 'alive')).value).to.equal('alive');
    await slave.exit();
  });

  for (const [name, bytes] of Object.entries(HARMLESS)) {
    it(`${name} - is ignored`, async () => {
      const slave = master.createSlave(fixture('hostile.js'));
      expect((await slave.exec('write', bytes)).value).to.equal('written');
      expect((await slave.exec('echo', 'alive')).value).to.equal('alive');
      await slave.exit();
    });
  }

  it('a frame that is cut off by the end of the slave - is dropped', async () => {
    const slave = master.createSlave(fixture('hostile.js'));
    const { error } = await slave.exec('write and exit', message({ type: 'value', id: 0, value: 'lost' }).subarray(0, -1));
    expect(error).to.be.an.instanceOf(SlaveDiedError).and.to.include({ exitCode: 0 });
    expect(error?.cause).to.equal(undefined);
  });

  it('a crash with a value that cannot be converted to a string - is described', async () => {
    const unprintableError = nodes([
      ['o', 'type', 'crash', 'error', [1]],
      ['e', 'Error', ['name', [2], 'message', [2]], []],
      ['o', 'toString', 1, 'valueOf', 1],
    ]);
    for (const bytes of [message({ type: 'crash', error: UNPRINTABLE }), unprintableError, message({ type: 'crash' })]) {
      const slave = master.createSlave(fixture('hostile.js'));
      await slave.ready();
      const response = await slave.exec('write and exit', bytes);
      expect(response.error).to.be.an.instanceOf(SlaveDiedError);
    }
  });

  it('a malformed answer to a purge - ends that slave, and the report omits it', async () => {
    const slave = master.createSlave(fixture('hostile.js'));
    await slave.ready();
    const written = slave.exec('write', BROKEN['a purge without its counts']);
    const { slaves } = await master.purgeCache().in(slave, bystander);
    expect(slaves).to.deep.equal([{ id: bystander.id, files: 0, results: 0, bytes: 0 }]);
    await written;
    // Another kind of answer is none.
    const liar = master.createSlave(fixture('hostile.js'));
    await liar.ready();
    void liar.exec('write', message({ type: 'pong', id: 0, uptime: 1, memory: {}, eventLoop: {} }));
    expect((await master.purgeCache().in(liar)).slaves).to.deep.equal([{ id: liar.id, files: 0, results: 0, bytes: 0 }]);
  });

  for (const name of ['bytes at random', 'no JSON', 'an unknown form', 'a purge without its counts']) {
    it(`${name} - whole messages that arrive before it, in one write, are delivered`, async () => {
      const slave = master.createSlave(fixture('hostile.js'));
      await slave.exec('echo');
      const answered = slave.exec('wait');
      const pending = slave.exec('wait');
      void slave.exec('write', Buffer.concat([answer(0, 'first'), BROKEN[name]]));
      expect((await answered).value).to.equal('first');
      expect((await pending).error).to.be.an.instanceOf(SlaveDiedError);
    });
  }

  it('a batch whose last message is malformed - its first are delivered, from a process and a thread', async () => {
    const json = '[2,0,"first",99]';
    for (const [runtime, task, data] of [
      ['process', 'write', frame(json)],
      ['thread', 'post', { json, blobs: [] }],
    ] as const) {
      const slave = master.createSlave(fixture('hostile.js'), { runtime });
      await slave.exec('echo');
      const [answered, pending] = await Promise.all([slave.exec('wait'), slave.exec('wait'), slave.exec(task, data)]);
      expect(answered.value).to.equal('first');
      expect(pending.error).to.be.an.instanceOf(SlaveDiedError);
    }
  });

  it('messages of any content - end at most their own slave', async () => {
    const junk = fc.oneof(fc.jsonValue(), fc.constantFrom(UNPRINTABLE, new Error('e'), undefined, NaN, 'length', '__proto__'));
    const content = fc.record(
      {
        type: fc.oneof(
          {
            weight: 9,
            arbitrary: fc.constantFrom(
              'ready',
              'tasks',
              'crash',
              'value',
              'error',
              'refused',
              'progress',
              'purged',
              'pong',
              'request',
              'cancel',
            ),
          },
          junk,
        ),
        id: fc.oneof(fc.nat(3), junk),
        tasks: fc.oneof(fc.array(fc.record({ name: fc.oneof(fc.string(), junk), className: junk }, { requiredKeys: [] })), junk),
        error: junk,
        value: junk,
        refusal: fc.oneof(
          fc.record(
            {
              reason: fc.constantFrom('unknown task', 'paused', 'not serializable', 'too large', '?'),
              path: junk,
              found: junk,
              size: junk,
              limit: junk,
            },
            { requiredKeys: ['reason'] },
          ),
          junk,
        ),
      },
      { requiredKeys: ['type'] },
    );
    let slave = master.createSlave(fixture('hostile.js'));
    await fc.assert(
      fc.asyncProperty(fc.array(content, { minLength: 1, maxLength: 20 }), async (contents) => {
        if (!slave.isAlive) slave = master.createSlave(fixture('hostile.js'));
        // Whatever this is answered, it is answered.
        await slave.exec('write', Buffer.concat(contents.map(message)));
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('a thread that posts a malformed batch - is ended', async () => {
    for (const value of ['hello', null, { json: '[' }, { json: '[99]', blobs: [] }, { cmd: 'hello' }]) {
      const slave = master.createSlave(fixture('hostile.js'), { runtime: 'thread' });
      const [pending] = await Promise.all([slave.exec('wait'), slave.exec('post', value)]);
      expect(pending.error).to.be.an.instanceOf(SlaveDiedError);
      expect(pending.error?.message).to.match(/It sent malformed data \(.+\)\.$/);
    }
  });
});
