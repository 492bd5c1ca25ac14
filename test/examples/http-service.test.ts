import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { expect } from 'chai';
import { eventually } from '../support/eventually';
import { temporaryFolder } from '../support/temporary-folder';

const MAIN = join(__dirname, '..', '..', 'examples/http-service/main.js');

interface Answer {
  status: number;
  body: { primes?: number; error?: string; code?: string };
}

interface Health {
  restarts: number;
  slaves: { pid: number; pending: number }[];
}

describe('example: http-service', () => {
  let service: ChildProcess;
  let address: string;

  const ask = async (path: string): Promise<Answer> => {
    const response = await fetch(address + path);
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  const health = async (): Promise<Health> => (await (await fetch(`${address}/health`)).json()) as Health;
  const busySlave = async (): Promise<number | undefined> => (await health()).slaves.find(({ pending }) => pending > 0)?.pid;

  const start = async (main: string): Promise<void> => {
    service = spawn(process.execPath, [main, '--port', '0', '--slaves', '2'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(createInterface({ input: service.stdout as NodeJS.ReadableStream }), 'line')) as [string];
    address = line.replace('listening on ', '');
  };

  const stop = async (): Promise<void> => {
    if (service.exitCode !== null || service.signalCode !== null) return;
    service.kill('SIGKILL');
    await once(service, 'exit');
  };

  const folder = temporaryFolder();

  beforeEach(() => start(MAIN));
  afterEach(stop);

  it('answers - a result, a wrong argument and an unknown path get their status', async () => {
    expect(await ask('/primes?below=1000')).to.deep.include({ status: 200 });
    expect((await ask('/primes?below=1000')).body.primes).to.equal(168);
    expect((await ask('/primes?below=many')).status).to.equal(400);
    expect((await ask('/nothing')).status).to.equal(404);
  });

  it('load - a full queue is answered with 503 and retry-after', async () => {
    const answers = await Promise.all(Array.from({ length: 150 }, () => fetch(`${address}/primes?below=300000`)));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).to.be.greaterThan(0);
    for (const answer of refused) expect(answer.headers.get('retry-after')).to.equal('1');
    expect(answers.filter(({ status }) => status === 200).length).to.equal(answers.length - refused.length);
  });

  it('crashes - killing slaves under load loses no request, and the slaves are replaced', async () => {
    let killed = 0;
    const answers: Answer[] = [];
    const client = async (): Promise<void> => {
      for (let i = 0; i < 15; i++) answers.push(await ask('/primes?below=200000'));
    };
    const killer = async (): Promise<void> => {
      while (killed < 5) {
        const pid = await busySlave();
        if (pid === undefined) continue;
        process.kill(pid, 'SIGKILL');
        killed++;
        await eventually(async () => (await health()).slaves.every((slave) => slave.pid !== pid));
      }
    };
    await Promise.all([...Array.from({ length: 8 }, client), killer()]);

    expect(answers.filter(({ status, body }) => status !== 200 || body.primes !== 17984)).to.deep.equal([]);
    expect((await health()).restarts).to.equal(killed);
    await eventually(async () => (await health()).slaves.length === 2);
  });

  it('health - slaves that do not load make it 503, and work is refused at once', async () => {
    await stop();
    cpSync(MAIN, join(folder, 'main.js'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(__dirname, '..', '..'), join(folder, 'node_modules', 'dist-io'));
    writeFileSync(join(folder, 'slave.js'), 'throw new Error("does not load");');
    await start(join(folder, 'main.js'));
    await eventually(async () => (await ask('/health')).status === 503);
    expect(await ask('/primes?below=1000')).to.have.nested.include({ status: 503, 'body.code': 'RESTART_INTENSITY' });
  });

  it('disconnect - a client that leaves aborts its running job', async () => {
    const request = get(`${address}/primes?below=1000000000`).on('error', () => undefined);
    await eventually(async () => (await busySlave()) !== undefined);
    request.destroy();
    await eventually(async () => (await busySlave()) === undefined);
  });

  it('SIGTERM - an accepted request is answered, then the service ends with code 0', async () => {
    const answer = ask('/primes?below=1000000');
    await eventually(async () => (await busySlave()) !== undefined);
    service.kill('SIGTERM');
    expect(await answer).to.deep.include({ status: 200 });
    expect(await once(service, 'exit')).to.deep.equal([0, null]);
  });
});
