import { expect } from 'chai';
import { PayloadTooLargeError, type SlaveHandle } from 'dist-io';
import { contract } from './runtimes';

const MB = 1024 * 1024;

contract('payload', (suite) => {
  describe('sizes', () => {
    let slave: SlaveHandle;
    before(() => {
      slave = suite.createSlave('payload.js');
    });

    for (const [name, value] of [
      ['an empty text', ''],
      ['an empty object', {}],
      ['an empty array', []],
      ['undefined', undefined],
      ['null', null],
    ] as const) {
      suite.it(`payload - ${name}`, async () => {
        expect((await slave.exec('echo', value)).unwrap()).to.deep.equal(value);
      });
    }

    suite.it('payload - an empty buffer arrives', async () => {
      const { value } = await slave.exec('echo', Buffer.alloc(0));
      expect(Buffer.isBuffer(value) && value.length === 0).to.equal(true);
    });

    suite.it('payload - a non-ASCII string of 1 MB arrives', async () => {
      const text = 'é€😀'.repeat(MB / 9);
      const response = await slave.exec('echo', text);
      expect(response.unwrap() === text).to.equal(true);
    });

    for (const size of [1, 64]) {
      suite.it(`payload - a string of ${size} MB arrives`, async () => {
        const text = 'x'.repeat(size * MB - 3) + 'end';
        const response = await slave.exec('echo', text);
        // Not with chai, which would print both.
        expect(response.unwrap() === text).to.equal(true);
      });

      suite.it(`payload - a buffer of ${size} MB arrives`, async () => {
        const buffer = Buffer.alloc(size * MB, 'abc').fill('end', size * MB - 3);
        const response = await slave.exec('echo', buffer);
        expect(buffer.equals(response.unwrap() as Buffer)).to.equal(true);
      });
    }
  });

  describe('limit', () => {
    let slave: SlaveHandle;
    before(() => {
      slave = suite.createSlave('payload.js', { maxPayload: '1mb' });
    });

    for (const [name, large] of [
      ['text', 'x'.repeat(MB)],
      ['text of fewer characters than bytes', '€'.repeat(MB / 2)],
      ['buffer', Buffer.alloc(MB)],
      ['object', Array.from({ length: MB / 10 }, (_, i) => ({ number: i }))],
      ['object with dates', { when: new Date(), text: 'x'.repeat(MB) }],
    ] as const) {
      suite.it(`payload - a ${name} over maxPayload fails at the sender, and nothing is sent`, async () => {
        const { value: before } = await slave.exec('received');
        const { error } = await slave.exec('echo', large);
        expect(error).to.be.an.instanceOf(PayloadTooLargeError);
        expect(error).to.include({ code: 'PAYLOAD_TOO_LARGE', limit: MB });
        expect((error as PayloadTooLargeError).size).to.be.greaterThan(MB);
        const { value: after } = await slave.exec('received');
        expect(after).to.equal(before);
      });
    }

    suite.it('payload - data just below maxPayload arrive', async () => {
      const { value } = await slave.exec('echo', Buffer.alloc(MB - 1000));
      expect(value).to.have.length(MB - 1000);
    });

    for (const kind of ['text', 'buffer', 'object', 'error']) {
      suite.it(`payload - a result over maxPayload fails and the slave lives on: ${kind}`, async () => {
        const { error } = await slave.exec('make', kind);
        expect(error).to.be.an.instanceOf(PayloadTooLargeError);
        expect(error).to.include({ limit: MB });
        expect((error as PayloadTooLargeError).size).to.be.greaterThan(MB);
        expect((await slave.exec('echo', 'alive')).value).to.equal('alive');
      });
    }

    suite.it('payload - the error for a refused result arrives however small maxPayload is', async () => {
      const small = suite.createSlave('payload.js', { maxPayload: 200 });
      expect((await small.exec('x'.repeat(100))).error).to.have.property('code', 'UNKNOWN_TASK');
      expect((await small.exec('make', 'text')).error).to.be.an.instanceOf(PayloadTooLargeError);
      await small.exit();
    });
  });
});
