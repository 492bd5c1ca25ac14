import { expect } from 'chai';
import type { Response, ResponseArray, SlaveHandle } from 'dist-io';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

contract('response', (suite) => {
  let a: SlaveHandle, b: SlaveHandle, c: SlaveHandle;
  before(() => {
    a = suite.createSlave('response.js');
    b = suite.createSlave('response.js');
    c = suite.createSlave('response.js');
  });

  suite.it('response - of a success has the value and no error', async () => {
    const before = performance.timeOrigin + performance.now();
    const response = await a.exec('echo', 'value');
    const after = performance.timeOrigin + performance.now();
    expect(response).to.include({ ok: true, value: 'value', error: null, from: a.id, slave: a, task: 'echo', attempt: 1 });
    expect(response.unwrap()).to.equal('value');
    expect(response.sent).to.be.within(before, after);
    expect(response.received).to.be.within(response.sent, after);
    expect(response.duration).to.equal(response.received - response.sent);
  });

  suite.it('response - of a failure has the error and no value', async () => {
    const response = await a.exec('fail', 'on purpose');
    expect(response).to.include({ ok: false, value: undefined, from: a.id, slave: a, task: 'fail', attempt: 1 });
    expect(response.error).to.be.an.instanceOf(RangeError).with.property('message', 'on purpose');
    expect(() => response.unwrap()).to.throw(response.error as Error);
    expect(response.duration).to.be.at.least(0);
  });

  suite.it('response - is not thenable', async () => {
    expect(await a.exec('echo', 1)).not.to.have.property('then');
    expect(a).not.to.have.property('then');
  });

  suite.it('response - pipe passes the value to another task', async () => {
    const piped = await (await a.exec('echo', 20)).pipe('double').to(b, c);
    expect(piped.values).to.deep.equal([40, 40]);
    expect(piped.map(({ from }) => from)).to.deep.equal([b.id, c.id]);
  });

  suite.it('response - pipe to exactly one handle resolves one response', async () => {
    const piped = await (await a.exec('echo', 20)).pipe('double').to(b);
    expect(piped).to.include({ value: 40, from: b.id });
  });

  suite.it('response - pipe accepts metadata', async () => {
    const [piped] = await (await a.exec('echo', 1)).pipe('metadata', { user: 'Ann' }).to([b]);
    expect(piped.value).to.deep.equal({ user: 'Ann' });
  });

  suite.it('response - pipe of a failed response executes nothing', async () => {
    const response = await a.exec('fail', 'on purpose');
    const error = await rejection(response.pipe('double').to(b));
    expect(error).to.equal(response.error);
  });

  describe('array', () => {
    let responses: ResponseArray<number>;
    beforeEach(async () => {
      const each = await Promise.all([a.exec('echo', 3), b.exec('fail', 'second'), c.exec('echo', 4)]);
      responses = (await suite.master.broadcast('echo', 0).to(a, b, c)) as ResponseArray<number>;
      responses.splice(0, 3, ...(each as Response<number>[]));
    });

    suite.it('response array - values and errors', () => {
      expect(responses.values).to.deep.equal([3, 4]);
      expect(responses.errors.map(({ message }) => message)).to.deep.equal(['second']);
    });

    suite.it('response array - sum, product and joinValues', () => {
      expect(responses.sum).to.equal(7);
      expect(responses.product).to.equal(12);
      expect(responses.joinValues()).to.equal('3,4');
      expect(responses.joinValues(' and ')).to.equal('3 and 4');
    });

    suite.it('response array - averageDuration is the mean of the durations', () => {
      const [x, y, z] = responses;
      expect(responses.averageDuration).to.be.closeTo((x.duration + y.duration + z.duration) / 3, 1e-9);
    });

    suite.it('response array - sortBy sorts in place by a property of responses or values', async () => {
      expect(responses.sortBy('from', 'desc')).to.equal(responses);
      expect(responses.map(({ from }) => from)).to.deep.equal([c.id, b.id, a.id]);
      expect(responses.sortBy('from').map(({ from }) => from)).to.deep.equal([a.id, b.id, c.id]);
      const people = await Promise.all(['Eve', 'Ann', 'Bob'].map((name) => a.exec('echo', { name })));
      responses.splice(0, 3, ...(people as unknown as Response<number>[]));
      expect(responses.sortBy('name').map(({ value }) => value)).to.deep.equal([{ name: 'Ann' }, { name: 'Bob' }, { name: 'Eve' }]);
    });

    suite.it('response array - sortBy puts responses without the property last', async () => {
      const values = [{ n: 2 }, {}, { n: 1 }];
      responses.splice(0, 3, ...((await Promise.all(values.map((value) => a.exec('echo', value)))) as unknown as Response<number>[]));
      expect(responses.sortBy('n').values).to.deep.equal([{ n: 1 }, { n: 2 }, {}]);
      expect(responses.sortBy('n', 'desc').values).to.deep.equal([{ n: 2 }, { n: 1 }, {}]);
    });

    suite.it('response array - sortBy rejects unknown properties and directions', async () => {
      for (const property of ['durration', 'toString', 'constructor', 'slave', 'pipe', ''])
        expect(() => responses.sortBy(property)).to.throw(TypeError, `property '${property}'`);
      for (const direction of ['up', 'ASC', null, 1]) expect(() => responses.sortBy('from', direction as never)).to.throw(TypeError);
      const none = await suite.master.broadcast('echo').to([]);
      expect(none.sortBy('anything')).to.have.length(0);
      expect(() => none.sortBy('from', 'up' as never)).to.throw(TypeError);
    });

    suite.it('response array - map and filter return plain arrays', () => {
      expect(responses.map((response) => response)).not.to.have.property('errors');
      expect(responses.filter(({ ok }) => ok)).not.to.have.property('sum');
    });

    suite.it('response array - may be empty', async () => {
      const none = (await suite.master.broadcast('echo').to([])) as ResponseArray<number>;
      expect(none).to.have.length(0);
      expect([none.sum, none.product, none.averageDuration, none.joinValues()]).to.deep.equal([0, 1, 0, '']);
    });
  });
});
