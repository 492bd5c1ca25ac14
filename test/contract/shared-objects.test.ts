import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { expect } from 'chai';
import { SerializationError, type SlaveHandle } from 'dist-io';
import { fixture } from '../support/fixture';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

const elsewhere = { except: { process: 'a process shares no memory and no ports with its master' } };
const onlyProcess = { except: { thread: 'a thread can have it', inline: 'an inline slave can have it' } };

contract('shared objects', (suite) => {
  let slave: SlaveHandle;
  before(() => (slave = suite.createSlave('shared-objects.js')));

  suite.it(
    'SharedArrayBuffer - master and slaves see the same memory, also through views and in Maps',
    async () => {
      const memory = new SharedArrayBuffer(16);
      const numbers = new Int32Array(memory, 4, 2);
      await slave.exec('add', numbers);
      await slave.exec('add', numbers);
      expect([...new Int32Array(memory)]).to.deep.equal([0, 2, 0, 0]);
      const sent = { memory, map: new Map([['view', new DataView(memory, 4)]]), buffer: Buffer.from(memory, 4, 1) };
      const value = (await slave.exec('echo', sent)).value as typeof sent;
      Atomics.store(numbers, 0, 5);
      expect(new Int32Array(value.memory)[1]).to.equal(5);
      expect(value.map.get('view')!.getInt32(0, true)).to.equal(5);
      expect(value.buffer).to.deep.equal(Buffer.from([5]));
    },
    elsewhere,
  );

  suite.it(
    'SharedArrayBuffer - as the option data, for several slaves, and in a broadcast',
    async () => {
      const memory = new SharedArrayBuffer(4);
      const slaves = suite.master.createSlaves(2, fixture('shared-objects.js'), { data: { memory } });
      await slaves.exec('count by data');
      await suite.master.broadcast('add', new Int32Array(memory)).to(...slaves);
      expect(new Int32Array(memory)[0]).to.equal(4);
      await slaves.exit();
    },
    elsewhere,
  );

  suite.it(
    'SharedArrayBuffer - a result of the slave is shared too',
    async () => {
      const made = (await slave.exec('make')).value as Uint8Array;
      expect(made.buffer).to.be.an.instanceOf(SharedArrayBuffer);
      expect([...made]).to.deep.equal([7, 7, 7, 7]);
    },
    elsewhere,
  );

  suite.it(
    'MessagePort - moves to the slave, once',
    async () => {
      const { port1, port2 } = new MessageChannel();
      const message = once(port1, 'message');
      await slave.exec('answer by port', { port: port2, value: { a: 1 } });
      expect(((await message) as [unknown])[0]).to.deep.equal({ a: 1 });
      const again = await slave.exec('answer by port', { port: port2, value: 1 });
      expect(again.error).to.be.an.instanceOf(SerializationError);
      // The channel works on.
      expect((await slave.exec('echo', 1)).value).to.equal(1);
      port1.close();
    },
    elsewhere,
  );

  suite.it(
    'MessagePort - is refused as the option data, since the slave may be restarted; it stays usable',
    async () => {
      const { port1, port2 } = new MessageChannel();
      const create = (): SlaveHandle => suite.master.createSlave(fixture('shared-objects.js'), { data: { port1 } });
      expect(create).to.throw(SerializationError).with.property('path', 'data.port1');
      const message = once(port1, 'message');
      port2.postMessage('hello');
      expect(await message).to.deep.equal(['hello']);
      port2.close();
    },
    elsewhere,
  );

  suite.it(
    'objects of Node - a Blob arrives as a Blob',
    async () => {
      expect((await slave.exec('read', new Blob(['content']))).value).to.equal('content');
    },
    elsewhere,
  );

  suite.it(
    'process - they are refused, with their place and where they work',
    async () => {
      const { port1, port2 } = new MessageChannel();
      const memory = new SharedArrayBuffer(4);
      for (const value of [memory, new Int32Array(memory), port1, new Blob([])]) {
        const { error } = await slave.exec('echo', { deep: [value] });
        expect(error).to.be.an.instanceOf(SerializationError);
        expect(error!.message).to.include('data.deep[0]').and.include('threads and inline slaves');
      }
      expect((await slave.exec('make')).error).to.be.an.instanceOf(SerializationError);
      expect(() => suite.master.createSlave(fixture('shared-objects.js'), { data: memory })).to.throw(SerializationError);
      port2.close();
    },
    onlyProcess,
  );

  suite.it('classes of the program - are refused, whatever their name is', async () => {
    const SameName = class MessagePort {
      readonly own = 1;
    };
    const Copied = class Blob {
      readonly own = 1;
    };
    for (const value of [new SameName(), new Copied()]) {
      const error = await rejection(slave.exec('echo', [value], { rejectOnError: true }));
      expect(error).to.be.an.instanceOf(SerializationError);
    }
  });
});
