import { expect } from 'chai';
import { range } from '../support/range';
import { contract } from './runtimes';

const COUNT = 1000;

/** Small ones, large ones, bytes and what is not JSON travel in different ways, but in one order. */
function payload(i: number): unknown {
  return [i, { i }, { i, when: new Date(i) }, Buffer.alloc(i), 'x'.repeat(i * 10), undefined][i % 6];
}

contract('message order', (suite) => {
  suite.it('order - answers arrive in the order of the requests', async () => {
    const slave = suite.createSlave('echo.js');
    const arrived: number[] = [];
    await Promise.all(Array.from({ length: COUNT }, (_, i) => slave.exec('echo', payload(i)).then(() => arrived.push(i))));
    expect(arrived).to.deep.equal(range(COUNT));
  });

  suite.it('order - requests arrive in the order of the calls, over several ticks', async () => {
    const slave = suite.createSlave('recorder.js');
    const calls: Promise<unknown>[] = [];
    for (let i = 0; i < COUNT; i++) {
      calls.push(slave.exec('record', payload(i), { i }));
      if (i % 100 === 0) await calls[i];
    }
    await Promise.all(calls);
    const recorded = await slave.exec('recorded');
    expect(recorded.value).to.deep.equal(range(COUNT));
  });

  suite.it('order - a slow task does not delay the others', async () => {
    const slave = suite.createSlave('recorder.js');
    const slow = slave.exec('wait');
    expect((await slave.exec('recorded')).value).to.deep.equal([]);
    await slave.exec('go on');
    expect((await slow).value).to.equal('waited');
  });
});
