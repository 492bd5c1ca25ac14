import { connect as connectToNats, type NatsConnection } from '@nats-io/transport-node';
import { expect } from 'chai';
import { Master } from 'dist-io';
import { type Cluster, connect } from 'dist-io/nats';
import { encodePacket, Kind } from '../../src/nats/packets';
import { eventually } from '../support/eventually';
import { NatsServer } from '../support/nats';
import { rejection } from '../support/rejection';

/** A host that answers as it is told, and sends any packets. */
describe('nats: a hostile host', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let master: Master;
  let cluster: Cluster;
  let answer: unknown;
  /** The start of the session that the master asked for last. */
  let asked: { master: string; session: string } | undefined;

  before(async () => {
    server = await NatsServer.start();
    connection = await connectToNats({ servers: server.address });
    connection.subscribe('dist-io.host.evil.*.start', {
      callback: (_, message) => {
        asked = { master: message.subject.split('.')[3], session: message.json<{ session: string }>().session };
        message.respond(typeof answer === 'string' ? answer : JSON.stringify(answer));
      },
    });
  });
  beforeEach(async () => {
    asked = undefined;
    answer = { accepted: true, instance: 'one', pid: 1 };
    master = new Master();
    cluster = await connect(master, { servers: server.address, heartbeat: 200 });
  });
  afterEach(async () => {
    await master.exit({ pending: 'abort' });
    await cluster.close();
  });
  after(async () => {
    await connection.close();
    await server.stop();
  });

  const send = (kind: Kind, number: number, payload: string | Uint8Array): void => {
    const packet = encodePacket({ kind, number, received: 0, consumed: 0, payload: Buffer.from(payload) });
    connection.publish(`dist-io.master.${asked!.master}.evil.packet.${asked!.session}`, packet);
  };

  for (const wrong of ['', '{', '[]', 'null', '{"accepted":true}', '{"accepted":"yes","instance":5}', '{"accepted":false,"reason":5}'])
    it(`answer - ${JSON.stringify(wrong)} is a refusal`, async () => {
      answer = wrong;
      expect((await rejection(master.createSlave('x', { host: 'evil' }).ready())).cause).to.include({
        code: 'HOST_REFUSED',
        reason: 'version',
      });
    });

  for (const [title, bytes] of Object.entries<Uint8Array>({
    'a frame that is too long': Buffer.from('ffffffff', 'hex'),
    'a frame without JSON': Buffer.concat([Buffer.from([0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0]), Buffer.from('{')]),
    'text instead of frames': Buffer.from('hello, this is not a frame at all'),
  }))
    it(`bytes - ${title}: the slave fails, and the master goes on`, async () => {
      const slave = master.createSlave('x', { host: 'evil' });
      await eventually(() => slave.pid === 1);
      send(Kind.BYTES, 1, bytes);
      // The master asks the host to end it, which this one does not: it gives it up after three heartbeats.
      expect(await rejection(slave.ready())).to.include({ code: 'SPAWN_FAILED' });
      const local = master.createSlave(require.resolve('../fixtures/echo.js'));
      expect((await local.exec('echo', 1)).value).to.equal(1);
    });

  it('control - messages that are none, or have wrong facts, do not harm', async () => {
    const slave = master.createSlave('x', { host: 'evil' });
    await eventually(() => slave.pid === 1);
    for (const [i, text] of ['', '{', '5', '{"exit":5}', '{"isDraining":true}', '{"__proto__":{"exit":1}}'].entries())
      send(Kind.CONTROL, i + 1, text);
    send(Kind.CONTROL, 6, JSON.stringify({ exit: { code: 'x', signal: {}, stderrTail: 7, reason: 'crash', error: {} } }));
    await rejection(slave.ready());
    expect(Object.prototype).not.to.have.property('exit');
  });

  it('silence - a host that accepts and never says anything is given up', async () => {
    const slave = master.createSlave('x', { host: 'evil' });
    const { error } = await slave.exec('anything');
    expect(error).to.include({ code: 'LINK_LOST', mayHaveExecuted: true });
    expect((error as Error).message).to.include('has not been heard of');
  });
});
