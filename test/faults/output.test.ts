import { PassThrough, Writable } from 'node:stream';
import { expect } from 'chai';
import { Master } from 'dist-io';
import { fixture } from '../support/fixture';
import { type Program, runNode } from '../support/program';

const COUNT = 20_000;

/** Counts the lines that it is given; each chunk takes it one turn of the event loop. */
class SlowCounter extends Writable {
  lines = 0;
  longest = 0;

  constructor() {
    super({ highWaterMark: 1024 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.lines += chunk.toString('latin1').split('\n').length - 1;
    this.longest = Math.max(this.longest, this.writableLength);
    setImmediate(done);
  }
}

describe('faults: output', () => {
  const master = new Master({ shutdown: '1m' });
  after(() => master.kill());

  for (const runtime of ['process', 'thread'] as const) {
    it(`output - of a ${runtime} that ends gracefully has all been written to a slow stream when exit() resolves`, async () => {
      const [stdout, stderr] = [new SlowCounter(), new SlowCounter()];
      const slave = master.createSlave(fixture('output.js'), { runtime, stdout, stderr });
      await Promise.all(['stdout', 'stderr'].map((name) => slave.exec('write', { name, count: COUNT })));
      expect(await slave.exit()).to.include({ code: 0, forced: false });
      expect([stdout.lines, stderr.lines]).to.deep.equal([COUNT, COUNT]);
      // Little of it is held in memory: a chunk of a pipe, and what the stream itself holds.
      for (const stream of [stdout, stderr]) expect(stream.longest).to.be.below(70_000);
    });

    it(`output - written by listeners of process.on('exit') of a ${runtime} has all been written to a slow stream, too`, async () => {
      const [stdout, stderr] = [new SlowCounter(), new SlowCounter()];
      const slave = master.createSlave(fixture('output.js'), { runtime, stdout, stderr });
      await Promise.all(['stdout', 'stderr'].map((name) => slave.exec('write at exit', { name, count: COUNT })));
      expect(await slave.exit()).to.include({ code: 0, forced: false });
      expect([stdout.lines, stderr.lines]).to.deep.equal([COUNT, COUNT]);
    });

    it(`output - inherited, of a ${runtime} that ends gracefully has all come when exit() resolves`, async () => {
      const program = runNode([fixture('master-of-output.js'), runtime, 'write', String(COUNT)]);
      for (let i = 0; i < COUNT; i++) expect(await program.line()).to.match(new RegExp(`^stdout ${i} `));
      expect(await program.line()).to.equal('end');
      await program.ended;
    });

    it(`output - a ${runtime} whose stream nobody reads is given up after shutdown`, async () => {
      const stdout = new PassThrough({ highWaterMark: 1 });
      const slave = master.createSlave(fixture('output.js'), { runtime, stdout, shutdown: 200 });
      await slave.exec('write', { name: 'stdout', count: 10 });
      await slave.exit();
      expect(slave.isAlive).to.equal(false);
      stdout.destroy();
    });

    it(`output - a ${runtime} whose stream is closed writes on`, async () => {
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const slave = master.createSlave(fixture('output.js'), { runtime, stdout, stderr });
      stdout.destroy();
      stderr.end();
      await Promise.all(['stdout', 'stderr'].map((name) => slave.exec('write', { name, count: COUNT })));
      expect(await slave.exit()).to.include({ code: 0, forced: false });
    });

    it(`output - any number of slaves on one stream and one signal cause no warning (${runtime})`, async () => {
      const warnings: Error[] = [];
      const listen = (warning: Error) => void warnings.push(warning);
      process.on('warning', listen);
      const [output, { signal }] = [new SlowCounter(), new AbortController()];
      const slaves = master.createSlaves(12, fixture('output.js'), { runtime, stdout: output, stderr: output });
      await Promise.all(slaves.map((slave) => slave.exec('write', { name: 'stdout', count: 1000 }, { signal })));
      await Promise.all(slaves.map((slave) => slave.exec('write', { name: 'stderr', count: 1000 }, { signal })));
      await slaves.exit();
      process.off('warning', listen);
      expect(warnings).to.deep.equal([]);
      expect(output.lines).to.equal(24_000);
      for (const event of ['drain', 'close', 'error', 'unpipe']) expect(output.listenerCount(event), event).to.equal(0);
    });
  }

  const linesOf = async (program: Program): Promise<string[]> => (await program.ended).lines;

  it('output - that a slave loses by calling process.exit() is told once', async () => {
    const lines = await linesOf(runNode([fixture('master-of-output.js'), 'process', 'write and exit', '100000']));
    expect(lines.filter((line) => line === 'DIST_IO_LOST_OUTPUT')).to.have.length(1);
  });

  it('guard of orphans - without /bin/sh, slaves work, and one warning tells', async () => {
    const program = runNode(['--require', fixture('no-shell.cjs'), fixture('master-of-output.js'), 'process', 'write', '1']);
    const lines = await linesOf(program);
    expect(lines.filter((line) => line === 'DIST_IO_NO_SHELL')).to.have.length(1);
    expect(lines).to.include('end');
  });

  it('kill - of a thread, repeated, causes no warning', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => void warnings.push(warning);
    process.on('warning', listen);
    const slave = master.createSlave(fixture('output.js'), { runtime: 'thread' });
    await slave.ready();
    await Promise.all(Array.from({ length: 20 }, () => slave.kill()));
    process.off('warning', listen);
    expect(warnings).to.deep.equal([]);
  });
});
