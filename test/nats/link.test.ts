import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { Link } from '../../src/nats/link';
import { decodePacket, encodePacket, Kind } from '../../src/nats/packets';
import { eventually } from '../support/eventually';

/** What happens to the packets of one direction, in turn and over and over. */
type Fate = 'arrives' | 'is lost' | 'arrives twice' | 'arrives late';

const fates = fc.array(fc.constantFrom<Fate>('arrives', 'arrives', 'is lost', 'arrives twice', 'arrives late'), {
  minLength: 1,
  maxLength: 12,
});

/** A link of two ends over a connection that treats the packets of each direction as told. */
function connect(fatesTo: Fate[], fatesFrom: Fate[], chunk?: number) {
  const received: Buffer[] = [];
  const answered: Buffer[] = [];
  const kinds = new Set<Kind>();
  const carry = (plan: Fate[], to: () => Link) => {
    let count = 0;
    return (packet: Uint8Array): void => {
      // From the second time round all arrive, so that the test ends.
      const fate = count < 2 * plan.length ? plan[count % plan.length] : 'arrives';
      count++;
      const deliver = (): void => to().take(Buffer.from(packet));
      if (fate === 'is lost') return;
      if (fate === 'arrives late') return void setTimeout(deliver, 3);
      setImmediate(deliver);
      if (fate === 'arrives twice') setImmediate(deliver);
    };
  };
  const master: Link = new Link(
    { send: carry(fatesTo, () => slave), receive: (_, bytes, consumed) => (answered.push(Buffer.from(bytes)), consumed()) },
    chunk,
  );
  const slave: Link = new Link(
    {
      send: carry(fatesFrom, () => master),
      receive: (kind, bytes, consumed) => {
        kinds.add(kind);
        received.push(Buffer.from(bytes));
        slave.write(Kind.BYTES, Buffer.from(bytes));
        consumed();
      },
    },
    chunk,
  );
  const close = (): void => [master, slave].forEach((link) => link.close());
  return { master, slave, received, answered, kinds, close };
}

describe('nats: link', () => {
  it('link - delivers all bytes once and in order, both ways, whatever happens to the packets', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(
        fates,
        fates,
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 30 }),
        async (to, from, sent) => {
          const { master, received, answered, close } = connect(to, from, 16);
          const bytes = Buffer.concat(sent);
          for (const one of sent) master.write(Kind.BYTES, one);
          await eventually(() => Buffer.concat(answered).length >= bytes.length, 20_000);
          // Whatever would come twice has time to come.
          await pause(5);
          close();
          assert.deepEqual(Buffer.concat(received), bytes);
          assert.deepEqual(Buffer.concat(answered), bytes);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('window - no more than 4 MB wait for a reader that consumes nothing, and all arrives once it does', async () => {
    let room: (() => void)[] = [];
    let received = 0;
    const reader: Link = new Link({
      send: (packet) => setImmediate(() => writer.take(packet)),
      receive: (_, bytes, consumed) => {
        received += bytes.byteLength;
        room.push(consumed);
      },
    });
    const writer: Link = new Link({ send: (packet) => setImmediate(() => reader.take(packet)), receive: () => undefined });
    writer.write(Kind.BYTES, new Uint8Array(20 * 2 ** 20));
    await pause(100);
    expect(received).to.equal(4 * 2 ** 20);
    expect(writer.isFull).to.equal(true);
    await eventually(() => {
      const consume = room;
      room = [];
      for (const consumed of consume) consumed();
      return received === 20 * 2 ** 20;
    });
    expect(writer.isFull).to.equal(false);
    for (const link of [reader, writer]) link.close();
  });

  it('packets - survive encoding, and other bytes are none', () => {
    const packet = { kind: Kind.STDOUT, number: 2 ** 40, received: 5, consumed: 4, payload: Buffer.from('text') };
    expect(decodePacket(encodePacket(packet))).to.deep.equal(packet);
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(18), Buffer.alloc(30, 255)]) expect(decodePacket(bytes)).to.equal(undefined);
  });

  it('packets - forged acknowledgements of what was never sent are ignored', async () => {
    const { master, received, close } = connect(['arrives'], ['arrives']);
    master.take(encodePacket({ kind: Kind.ACK, number: 0, received: 1000, consumed: 1000, payload: Buffer.alloc(0) }));
    master.write(Kind.BYTES, Buffer.from('still sent'));
    await eventually(() => received.length > 0);
    expect(String(received[0])).to.equal('still sent');
    close();
  });
});
