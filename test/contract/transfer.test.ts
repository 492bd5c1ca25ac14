import { expect } from 'chai';
import { PayloadTooLargeError, SerializationError, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

/** Bytes 1, 2, 3, … */
const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i + 1);

contract('transfer', (suite) => {
  let slave: SlaveHandle;
  before(() => (slave = suite.createSlave('transfer.js', { maxPayload: 100_000 })));

  const requests = async () => (await slave.exec('requests')).value as number;

  /** Nothing was sent and nothing was moved. */
  async function expectRefused(data: unknown, transfer: ArrayBuffer[], error: new (...args: never[]) => Error): Promise<void> {
    const lengths = transfer.map(({ byteLength }) => byteLength);
    const before = await requests();
    expect((await slave.exec('echo', data, { transfer })).error).to.be.an.instanceOf(error);
    expect(await requests()).to.equal(before);
    expect(transfer.map(({ byteLength }) => byteLength)).to.deep.equal(lengths);
  }

  suite.it('transfer - a buffer is moved: detached in the sender, complete in the slave', async () => {
    const { buffer } = bytes(10);
    expect((await slave.exec('sum', buffer, { transfer: [buffer] })).value).to.equal(55);
    expect(buffer.byteLength).to.equal(0);
    const copied = bytes(10).buffer;
    expect((await slave.exec('sum', copied)).value).to.equal(55);
    expect(copied.byteLength).to.equal(10);
  });

  suite.it('transfer - a buffer is detached when exec returns', async () => {
    const { buffer } = bytes(4);
    const answer = slave.exec('sum', buffer, { transfer: [buffer] });
    expect(buffer.byteLength).to.equal(0);
    await answer;
  });

  suite.it('transfer - views of a buffer keep their type and range', async () => {
    const { buffer } = bytes(16);
    const data = { list: [new Uint16Array(buffer, 4, 2), new DataView(buffer, 8)], whole: new Map([['a', buffer]]) };
    const expected = structuredClone(data);
    const { value } = await slave.exec('echo', data, { transfer: [buffer] });
    expect(buffer.byteLength).to.equal(0);
    const { list, whole } = value as typeof data;
    expect(list[0]).to.be.an.instanceOf(Uint16Array);
    expect([...(list[0] as Uint16Array)]).to.deep.equal([...(expected.list[0] as Uint16Array)]);
    expect((list[1] as DataView).getUint8(0)).to.equal(9);
    expect(new Uint8Array(whole.get('a')!)).to.deep.equal(bytes(16));
  });

  suite.it('transfer - accepts several buffers: listed twice, not in the data, empty', async () => {
    const [one, two, other, empty] = [bytes(1).buffer, bytes(2).buffer, bytes(3).buffer, new ArrayBuffer(0)];
    const { value } = await slave.exec('echo', [two, one, two, empty], { transfer: [one, two, one, other, empty] });
    expect((value as ArrayBuffer[]).map((buffer) => [...new Uint8Array(buffer)])).to.deep.equal([[1, 2], [1], [1, 2], []]);
    expect([one, two, other].map(({ byteLength }) => byteLength)).to.deep.equal([0, 0, 0]);
  });

  suite.it("transfer - Node's Buffer pool is never moved", async () => {
    const pooled = Buffer.from('pooled');
    const pool = pooled.buffer;
    // Not Buffer.poolSize: Node 26 adds to it.
    const size = pool.byteLength;
    const { value, error } = await slave.exec('echo', pooled, { transfer: [pool] });
    if (error === null) expect(String(value)).to.equal('pooled');
    else expect(error).to.be.an.instanceOf(SerializationError).with.property('path', 'metadata.transfer');
    expect(String(pooled)).to.equal('pooled');
    expect(pool.byteLength).to.equal(size);
  });

  suite.it('transfer - a detached buffer fails the request', async () => {
    const { buffer } = bytes(3);
    await slave.exec('sum', buffer, { transfer: [buffer] });
    await expectRefused({ buffer }, [buffer, bytes(3).buffer], SerializationError);
  });

  suite.it('transfer - a request that fails to be sent moves nothing', async () => {
    const { buffer } = bytes(3);
    await expectRefused({ buffer, inner: () => undefined }, [buffer], SerializationError);
    const large = new ArrayBuffer(100_001);
    await expectRefused([buffer, large], [buffer, large], PayloadTooLargeError);
    const dead = suite.createSlave('transfer.js');
    await dead.exit();
    await dead.exec('sum', buffer, { transfer: [buffer] });
    expect(buffer.byteLength).to.equal(3);
  });

  suite.it('transfer - a buffer of many megabytes arrives', async () => {
    const roomy = suite.createSlave('transfer.js');
    const data = new ArrayBuffer(16 * 1024 * 1024);
    new Uint8Array(data)[16 * 1024 * 1024 - 1] = 7;
    expect((await roomy.exec('sum', data, { transfer: [data] })).value).to.equal(7);
    expect(data.byteLength).to.equal(0);
    await roomy.exit();
  });

  suite.it('transfer - an empty list is ignored, and a wrong one throws a TypeError', async () => {
    expect((await slave.exec('echo', 1, { transfer: [] })).value).to.equal(1);
    for (const transfer of [bytes(1).buffer, [bytes(1)], 1, null] as never[])
      expect(() => slave.exec('echo', 1, { transfer })).to.throw(TypeError, 'transfer');
  });

  suite.it('transfer - moved data with retries or for several slaves throw a TypeError', async () => {
    const { buffer } = bytes(3);
    expect(() => slave.exec('echo', buffer, { transfer: [buffer], retries: 1 })).to.throw(TypeError, 'once');
    const group = suite.master.createSlaves(2, fixture('transfer.js'));
    const error = await rejection(group.exec('sum', buffer, { transfer: [buffer] }));
    expect(error).to.be.an.instanceOf(TypeError);
    expect(buffer.byteLength).to.equal(3);
    await group.exit();
  });
});
