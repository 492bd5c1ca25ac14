import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import type { SlaveHandle } from 'dist-io';
import { alwaysRetry } from '../support/always-retry';
import { contract } from './runtimes';

interface Published {
  slave: SlaveHandle;
  task: string;
  data: unknown;
  metadata?: object;
  value?: unknown;
  error?: Error;
}

contract('diagnostics', (world) => {
  let slave: SlaveHandle;
  before(() => (slave = world.createSlave('diagnostics.js')));

  /** What is published about the slave's requests meanwhile: the channel, and the object as a number. */
  async function published(during: () => Promise<unknown>): Promise<{ name: string; object: number; message: Published }[]> {
    const heard: { name: string; object: number; message: Published }[] = [];
    const seen: unknown[] = [];
    const listeners = ['start', 'end', 'error'].map((name) => {
      const listen = (message: unknown): void => {
        if ((message as Published).slave !== slave) return;
        if (!seen.includes(message)) seen.push(message);
        heard.push({ name, object: seen.indexOf(message), message: { ...(message as Published) } });
      };
      subscribe(`dist-io:request:${name}`, listen);
      return { name, listen };
    });
    try {
      await during();
    } finally {
      for (const { name, listen } of listeners) unsubscribe(`dist-io:request:${name}`, listen);
    }
    return heard;
  }

  world.it('diagnostics - a request publishes start and end with one object in the master', async () => {
    const metadata = { own: 1 };
    const heard = await published(() => slave.exec('echo', 'data', metadata));
    expect(heard.map(({ name, object }) => [name, object])).to.deep.equal([
      ['start', 0],
      ['end', 0],
    ]);
    expect(heard[0].message).to.deep.equal({ slave, task: 'echo', data: 'data', metadata });
    expect(heard[1].message).to.include({ value: 'data' });
    expect(heard[1].message.metadata).to.equal(metadata);
  });

  world.it('diagnostics - a failed request publishes error before end, once for all attempts', async () => {
    const heard = await published(() => slave.exec('fail', 1, { retries: alwaysRetry(2) }));
    expect(heard.map(({ name, object }) => [name, object])).to.deep.equal([
      ['start', 0],
      ['error', 0],
      ['end', 0],
    ]);
    expect(heard[2].message.error).to.be.an.instanceOf(RangeError);
    expect(heard[2].message).to.not.have.property('value');
  });

  world.it('diagnostics - streams, left early or not, and unsent requests publish too', async () => {
    const heard = await published(async () => {
      for await (const item of slave.stream('stream', 3)) expect(item).to.be.a('number');
      for await (const item of slave.stream('stream', 1000)) if (item === 1) break;
      await slave.exec('echo', 1, { signal: AbortSignal.abort() });
    });
    expect(heard.map(({ name, object }) => [name, object])).to.deep.equal([
      ['start', 0],
      ['end', 0],
      ['start', 1],
      ['end', 1],
      ['start', 2],
      ['error', 2],
      ['end', 2],
    ]);
  });

  world.it('diagnostics - a request that started without subscribers publishes nothing', async () => {
    const answer = slave.exec('echo', 1);
    const heard = await published(() => answer);
    expect(heard).to.deep.equal([]);
  });

  world.it('diagnostics - each attempt of a task publishes start, error and end in the slave', async () => {
    await slave.exec('listen');
    await slave.exec('echo', 'data');
    await slave.exec('fail', 1, { retries: alwaysRetry(1) });
    await slave.exec('stream', 2);
    await slave.exec('stuck');
    const told = (await slave.exec('published')).value as { name: string; task: string; object: number; attempt: number; error?: string }[];
    // The task that began to listen is heard to end only if it was heard to start.
    expect(told.map(({ name, task, error, attempt }) => [name, task, error, attempt])).to.deep.equal([
      ['start', 'echo', undefined, 1],
      ['end', 'echo', undefined, 1],
      ['start', 'fail', undefined, 1],
      ['error', 'fail', 'RangeError', 1],
      ['end', 'fail', 'RangeError', 1],
      ['start', 'fail', undefined, 2],
      ['error', 'fail', 'RangeError', 2],
      ['end', 'fail', 'RangeError', 2],
      ['start', 'stream', undefined, 1],
      ['end', 'stream', undefined, 1],
      ['start', 'stuck', undefined, 1],
      ['error', 'stuck', 'SerializationError', 1],
      ['end', 'stuck', 'SerializationError', 1],
    ]);
    const objects = told.map(({ object }) => object);
    expect(objects).to.deep.equal([0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4]);
    expect(told[1]).to.include({ data: 'data', value: 'data' });
  });
});
