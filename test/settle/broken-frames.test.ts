import { expect } from 'chai';
import fc from 'fast-check';
import { Master, SlaveDiedError, type SlaveHandle } from 'dist-io';
import { writeFrame } from '../../src/protocol/frames';
import { pack } from '../../src/protocol/values';
import { fixture } from '../support/fixture';

/** A frame as a broken slave may send it: whole, but with any text at all. */
const frame = (text: string, ...blobs: Uint8Array[]): Buffer => Buffer.concat(writeFrame({ text, blobs }));

/** One with a message of any content. */
const message = (content: object): Buffer => {
  const blobs: Uint8Array[] = [];
  const packed = pack(content, blobs);
  return frame(`[4,0,${JSON.stringify(packed)}]`, ...blobs);
};

const WITHOUT_WORDS = { toString: 1, valueOf: 1 };

/** Costs the slave its life. */
const BROKEN: Record<string, Buffer> = {
  'bytes at random': Buffer.from('ffa0b1c2d3e4f5061728394a5b6c7d8e9f', 'hex'),
  text: Buffer.from('console.log("hello")\n'.repeat(100)),
  'a length beyond the limit': Buffer.from([0xff, 0xff, 0xff, 0xff]),
  'a length without room for its own numbers': Buffer.alloc(4),
  'a text beyond its frame': Buffer.from([0, 0, 0, 8, 0xff, 0, 0, 0, 0, 0, 0, 0]),
  'more blobs than a frame can hold': Buffer.from([0, 0, 0, 8, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]),
  'no JSON': frame('[1, 2'),
  'no list': frame('null'),
  'brackets without end': frame('['.repeat(100_000)),
  'an unknown form': frame('[99]'),
  'an unknown node': frame('[4,0,[[0],["?"]]]'),
  'a node that is no list': frame('[4,0,[[0],null]]'),
  'a reference to nothing': frame('[4,0,[[7],["o"]]]'),
  'bytes that are not there': frame('[4,0,[[0],["b","Buffer",5]]]'),
  'an unknown class of bytes': frame('[4,0,[[0],["b","constructor",0]]]', new Uint8Array(8)),
  'an unknown class of errors': frame('[4,0,[[0],["e","constructor",[],[]]]]'),
  'a broken regular expression': frame('[4,0,[[0],["r","(","",0]]]'),
  'no object': frame('[4,0,[5]]'),
  'an answer to no number': frame('[2,"length",1]'),
  'an answer to a method': frame('[3,"push"]'),
  'an error for no number': message({ type: 'error', id: 'length', error: new Error('e') }),
  'a message without a type': message({ id: 1 }),
  'a ready message without tasks': message({ type: 'ready' }),
  'tasks without names': message({ type: 'offer', tasks: [WITHOUT_WORDS] }),
  'a refusal for no reason': message({ type: 'refused', id: 0, refusal: { why: WITHOUT_WORDS } }),
  'a refusal without words': message({ type: 'refused', id: 0, refusal: { why: 'not serializable', path: WITHOUT_WORDS, found: 'x' } }),
};

/** Makes no sense, but harms nobody. */
const HARMLESS: Record<string, Buffer> = {
  'an answer to what nobody asked': frame('[2,1000,"answer"]'),
  'an answer below zero': frame('[2,-1,"answer"]'),
  'an unknown message': message({ type: 'gossip', id: 1 }),
  'a message for slaves': message({ type: 'exit' }),
  'ready once more': message({ type: 'ready', tasks: [] }),
  'an empty batch': frame('[]'),
};

describe('settle: broken frames', () => {
  const master = new Master({ stderr: 'ignore' });
  let bystander: SlaveHandle;
  before(() => {
    bystander = master.createSlave(fixture('echo.js'));
  });
  after(() => master.kill());
  afterEach('the master and its other slaves live on', async () => {
    expect((await bystander.exec('echo', 'fine')).value).to.equal('fine');
  });

  for (const [name, bytes] of Object.entries(BROKEN)) {
    it(`${name} - cost that slave its life, and every pending exec is settled`, async () => {
      const slave = master.createSlave(fixture('hostile.js'));
      // So that the broken bytes are alone in their write.
      await slave.exec('echo');
      const calls = [slave.exec('wait'), slave.exec('wait'), slave.exec('write', bytes)];
      const [first, second] = await Promise.all(calls);
      for (const { error } of [first, second]) {
        expect(error).to.be.an.instanceOf(SlaveDiedError);
        expect(error).to.include({ signal: 'SIGKILL', mayHaveExecuted: true });
        expect(error?.message).to.match(/It sent bytes that are no message/);
      }
      expect(slave.isAlive).to.equal(false);
    });
  }

  for (const [name, bytes] of Object.entries(HARMLESS)) {
    it(`${name} - is passed over`, async () => {
      const slave = master.createSlave(fixture('hostile.js'));
      expect((await slave.exec('write', bytes)).value).to.equal('written');
      expect((await slave.exec('echo', 'alive')).value).to.equal('alive');
      await slave.exit();
    });
  }

  it('a frame that is cut off by the end - is lost, and no fault', async () => {
    const slave = master.createSlave(fixture('hostile.js'));
    const { error } = await slave.exec('write and exit', message({ type: 'value', id: 0, value: 'lost' }).subarray(0, -1));
    expect(error).to.be.an.instanceOf(SlaveDiedError).and.to.include({ exitCode: 0 });
    expect(error?.cause).to.equal(undefined);
  });

  it('a crash that cannot be put into words - is put into some', async () => {
    const errorOfSuchWords = frame(
      '[4,0,[[0],["o","type","crash","error",[1]],["e","Error",["name",[2],"message",[2]],[]],["o","toString",1,"valueOf",1]]]',
    );
    for (const bytes of [message({ type: 'crash', error: WITHOUT_WORDS }), errorOfSuchWords, message({ type: 'crash' })]) {
      const slave = master.createSlave(fixture('hostile.js'));
      await slave.ready();
      const response = await slave.exec('write and exit', bytes);
      expect(response.error).to.be.an.instanceOf(SlaveDiedError);
    }
  });

  it('messages of any content - at most cost their slave its life', async () => {
    const junk = fc.oneof(fc.jsonValue(), fc.constantFrom(WITHOUT_WORDS, new Error('e'), undefined, NaN, 'length', '__proto__'));
    const content = fc.record(
      {
        type: fc.oneof(
          {
            weight: 9,
            arbitrary: fc.constantFrom('ready', 'offer', 'crash', 'value', 'error', 'refused', 'progress', 'request', 'cancel'),
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
              why: fc.constantFrom('unknown task', 'paused', 'not serializable', 'too large', '?'),
              path: junk,
              found: junk,
              size: junk,
              limit: junk,
            },
            { requiredKeys: ['why'] },
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
      { numRuns: 25, endOnFailure: true },
    );
  });

  it('a thread that posts what is no batch - is ended', async () => {
    for (const value of ['hello', null, { text: '[' }, { text: '[99]', blobs: [] }, { cmd: 'hello' }]) {
      const slave = master.createSlave(fixture('hostile.js'), { runtime: 'thread' });
      const [pending] = await Promise.all([slave.exec('wait'), slave.exec('post', value)]);
      expect(pending.error).to.be.an.instanceOf(SlaveDiedError);
      expect(pending.error?.message).to.match(/It sent what is no message/);
    }
  });
});
