import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket, connect } from 'node:net';

/** One connection through the proxy. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** A network between a client and a server of TCP, which can be cut. */
export class TcpProxy {
  private readonly pairs = new Set<Pair>();
  private readonly toServer = { isOpen: true, delay: 0 };
  private readonly toClient = { isOpen: true, delay: 0 };

  private constructor(
    private readonly listener: Server,
    private readonly target: () => number,
  ) {
    listener.on('connection', (client) => this.join(client));
  }

  /** @param target the port of the server, asked for each connection */
  static async start(target: () => number): Promise<TcpProxy> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new TcpProxy(listener, target);
  }

  get address(): string {
    return `nats://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** Holds back all bytes of one direction or of both, as a broken cable does: no end learns of it. */
  cut(direction: 'to server' | 'to client' | 'both' = 'both'): void {
    if (direction !== 'to client') this.toServer.isOpen = false;
    if (direction !== 'to server') this.toClient.isOpen = false;
    this.apply();
  }

  heal(): void {
    this.toServer.isOpen = this.toClient.isOpen = true;
    this.apply();
  }

  /** Delays each chunk, in ms. */
  slow(ms: number): void {
    this.toServer.delay = this.toClient.delay = ms;
  }

  /** Closes the connections; the client may connect again. */
  reset(): void {
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
  }

  async stop(): Promise<void> {
    this.listener.close();
    this.reset();
    await once(this.listener, 'close');
  }

  private join(client: Socket): void {
    const server = connect(this.target(), '127.0.0.1');
    const pair = { client, server };
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    const pass = (from: Socket, to: Socket, way: { delay: number }): void => {
      from.on('data', (chunk) => {
        if (way.delay === 0) to.write(chunk);
        else setTimeout(() => to.write(chunk), way.delay);
      });
    };
    pass(client, server, this.toServer);
    pass(server, client, this.toClient);
    this.apply();
  }

  private apply(): void {
    for (const { client, server } of this.pairs) {
      if (this.toServer.isOpen) client.resume();
      else client.pause();
      if (this.toClient.isOpen) server.resume();
      else server.pause();
    }
  }
}
