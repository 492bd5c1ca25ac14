import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { HostFile } from 'dist-io/nats';
import { eventually } from './eventually';

const COMMAND = resolve('dist/cli/main.js');

/** A nats-server on a random port of loopback. */
export class NatsServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly port: number,
    private readonly args: readonly string[],
  ) {}

  /** @param args further options of nats-server */
  static async start(...args: string[]): Promise<NatsServer> {
    return NatsServer.startOn(-1, args);
  }

  private static async startOn(port: number, args: readonly string[]): Promise<NatsServer> {
    const folder = mkdtempSync(join(tmpdir(), 'nats-'));
    const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port), '--ports_file_dir', folder, ...args], { stdio: 'ignore' });
    await Promise.race([once(child, 'spawn'), once(child, 'error')]).catch(() => undefined);
    if (child.pid === undefined) throw new Error('nats-server is not installed. Run: apt-get install nats-server');
    const file = join(folder, `nats-server_${child.pid}.ports`);
    await eventually(() => readdirSync(folder).length > 0 && readFileSync(file, 'utf8').endsWith('}'));
    const { nats } = JSON.parse(readFileSync(file, 'utf8')) as { nats: string[] };
    return new NatsServer(child, folder, Number(new URL(nats[0]).port), args);
  }

  get address(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Ends it, and starts another one on the same port. */
  async restart(): Promise<NatsServer> {
    await this.stop();
    return NatsServer.startOn(this.port, this.args);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGKILL');
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A line of the log of a host. */
interface LogLine {
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** A host: the process `dist-io host`. */
export class TestHost {
  readonly log: LogLine[] = [];
  private errors = '';

  private constructor(
    readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    createInterface(child.stdout!).on('line', (line) => {
      // What slaves print is not from the host.
      if (line.startsWith('{"time"')) this.log.push(JSON.parse(line) as LogLine);
    });
    child.stderr!.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
  }

  /** Starts a host and waits until it takes slaves. @param env for the host */
  static async start(config: HostFile, env: NodeJS.ProcessEnv = {}): Promise<TestHost> {
    const folder = mkdtempSync(join(tmpdir(), 'host-'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'host.json'), JSON.stringify(config));
    const child = spawn(process.execPath, [COMMAND, 'host', '--config', join(folder, 'host.json')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const host = new TestHost(child, folder);
    await eventually(() => host.has('listening') || child.exitCode !== null, 30_000);
    if (child.exitCode !== null) {
      await host.stop();
      throw new Error(`The host has ended: ${host.errors}`);
    }
    return host;
  }

  has(event: string): boolean {
    return this.log.some((line) => line.event === event);
  }

  /** What it has logged of one kind. */
  events(event: string): LogLine[] {
    return this.log.filter((line) => line.event === event);
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
