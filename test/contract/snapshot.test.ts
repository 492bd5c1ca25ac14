import { expect } from 'chai';
import type { SlaveHandle } from 'dist-io';
import { contract } from './runtimes';

contract('snapshot', (suite) => {
  let slave: SlaveHandle;
  before(() => {
    slave = suite.createSlave('snapshot.js');
  });

  suite.it('snapshot - data changed right after exec arrive as they were', async () => {
    const data = { small: 1, list: [1], deep: { date: new Date(1) }, map: new Map([['a', 1]]), bytes: Buffer.from('before') };
    const answer = slave.exec('echo', data);
    data.small = 2;
    data.list.push(2);
    data.deep.date.setTime(2);
    data.map.clear();
    data.bytes.fill(0);
    const { value } = await answer;
    const before = { small: 1, list: [1], deep: { date: new Date(1) }, map: new Map([['a', 1]]), bytes: Buffer.from('before') };
    expect(value).to.deep.equal(before);
  });

  suite.it('snapshot - data of several calls in one tick arrive as they were', async () => {
    const plain = { count: 0, inner: { count: 0 } };
    const bytes = Buffer.alloc(1);
    const answers = Array.from({ length: 10 }, (_, i) => {
      plain.count = plain.inner.count = bytes[0] = i;
      return Promise.all([slave.exec('echo', plain), slave.exec('echo', bytes), slave.exec('echo', [plain.inner])]);
    });
    for (const [i, [object, buffer, array]] of (await Promise.all(answers)).entries()) {
      expect(object.value).to.deep.equal({ count: i, inner: { count: i } });
      expect(buffer.value).to.deep.equal(Buffer.of(i));
      expect(array.value).to.deep.equal([{ count: i }]);
    }
  });

  suite.it('snapshot - metadata changed right after exec arrive as they were', async () => {
    const metadata = { tag: ['before'] };
    const answer = slave.exec('metadata', undefined, metadata);
    metadata.tag[0] = 'after';
    expect((await answer).value).to.deep.equal({ tag: ['before'] });
  });

  suite.it('snapshot - a result changed right after completion arrives as it was', async () => {
    const { value } = await slave.exec('change after done');
    expect(value).to.deep.equal({ list: [1], bytes: Buffer.from('before') });
  });

  suite.it('snapshot - changes of a task to its data do not affect the caller', async () => {
    const data = { list: [1], bytes: Buffer.from('before') };
    await slave.exec('change data', data);
    expect(data).to.deep.equal({ list: [1], bytes: Buffer.from('before') });
  });

  suite.it('snapshot - sending bytes does not detach them', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    await Promise.all([slave.exec('echo', bytes), slave.exec('echo', bytes.buffer)]);
    expect(bytes).to.deep.equal(new Uint8Array([1, 2, 3]));
  });
});
