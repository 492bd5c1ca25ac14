import { expect } from 'chai';
import { QueueFullError, SlaveDiedError, type SlaveHandle, TimeoutError } from 'dist-io';
import { contract } from './runtimes';

const SIZE = 100_000;

contract('backpressure', (suite) => {
  const data = 'x'.repeat(SIZE);

  suite.it('maxPendingBytes - a request beyond it is refused, until one before it is answered', async () => {
    const slave = suite.createSlave('ending.js', { maxPendingBytes: 1.5 * SIZE });
    expect(slave.writable).to.equal(true);
    const accepted = [slave.exec('a moment', data), slave.exec('a moment', data)];
    expect(slave.writable).to.equal(false);
    const { error } = await slave.exec('echo', 1);
    expect(error)
      .to.be.an.instanceOf(QueueFullError)
      .that.includes({ task: 'echo', option: 'maxPendingBytes', limit: 1.5 * SIZE });
    await slave.drained();
    expect(slave.writable).to.equal(true);
    expect((await slave.exec('echo', 1)).value).to.equal(1);
    expect((await Promise.all(accepted)).map(({ value }) => value)).to.deep.equal(['done', 'done']);
  });

  suite.it('maxPendingBytes - counts what a transfer, a Map and a Buffer take', async () => {
    const { buffer } = new Uint8Array(SIZE);
    const values = [new Map([['key', data]]), Buffer.alloc(SIZE), [new Uint8Array(SIZE)]];
    for (const value of [...values, buffer]) {
      const slave = suite.createSlave('ending.js', { maxPendingBytes: SIZE });
      const request = slave.exec('a moment', value, value === buffer ? { transfer: [buffer] } : {});
      expect(slave.writable).to.equal(false);
      await request;
      expect(slave.writable).to.equal(true);
      await slave.exit();
    }
  });

  suite.it('maxPendingBytes - a slave that is idle takes a request of any size', async () => {
    const slave = suite.createSlave('ending.js', { maxPendingBytes: '1kb' });
    for (let i = 0; i < 3; i++) expect((await slave.exec('echo', data)).value).to.equal(data);
  });

  suite.it('maxPendingBytes - a request that was given up counts until its slave has answered', async () => {
    const slave = suite.createSlave('ending.js', { maxPendingBytes: SIZE });
    await slave.ready();
    const { error } = await slave.exec('a moment', data, { timeout: 1 });
    expect(error).to.be.an.instanceOf(TimeoutError);
    expect([slave.pending, slave.writable]).to.deep.equal([0, false]);
    await slave.drained();
    expect([slave.writable, slave.running]).to.deep.equal([true, 0]);
  });

  suite.it('maxPendingBytes - what could not be sent counts for nothing', async () => {
    const slave = suite.createSlave('ending.js', { maxPendingBytes: SIZE, maxPayload: '10kb' });
    await slave.exec('echo', data);
    await slave.exec('echo', { callback: () => undefined });
    expect(slave.writable).to.equal(true);
  });

  suite.it('maxPending - drained waits for room', async () => {
    const slave = suite.createSlave('ending.js', { maxPending: 1, concurrency: 1 });
    const values: unknown[] = [];
    for (let i = 0; i < 20; i++) {
      await slave.drained();
      void slave.exec('echo', i).then(({ value }) => values.push(value));
    }
    await slave.exit();
    expect(values).to.deep.equal(Array.from({ length: 20 }, (_, i) => i));
  });

  for (const end of ['exit', 'kill'] as const) {
    suite.it(`drained - resolves when the slave ends by ${end}, and the next request tells why`, async () => {
      const slave = suite.createSlave('ending.js', { maxPending: 1, shutdown: 'brutal_kill' });
      const waiting = slave.exec('wait');
      const drained = slave.drained();
      await slave[end]();
      await drained;
      expect(slave.writable).to.equal(false);
      await waiting;
    });
  }

  suite.it(
    'drained - resolves when the slave has died and was restarted',
    async () => {
      const slave: SlaveHandle = suite.createSlave('dying.js', { maxPendingBytes: SIZE, restart: 'permanent' });
      await slave.ready();
      const [died] = await Promise.all([slave.exec('exit', 1), slave.exec('wait', data), slave.drained()]);
      expect(died.error).to.be.an.instanceOf(SlaveDiedError);
      expect(slave.writable).to.equal(true);
      await slave.exit();
    },
    { except: { inline: "an inline slave that dies would end the tests' own process" } },
  );
});
