import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { descendants, gone, type Program, runNode } from '../support/program';

describe('faults: process tree', () => {
  let folder: string;
  let program: Program;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'process-tree-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const go = () => writeFileSync(join(folder, 'go'), '');

  /** @returns the pid of its slave, which is in the middle of a task */
  const start = async (args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> => {
    program = runNode([fixture('interrupted.js'), folder, 'process', ...args], { env: { ...process.env, ...env } });
    return Number((await program.line()).replace('working ', ''));
  };

  /** As process managers do it: to each process by its pid. The master is the last to get it. */
  const signalTree = (signal: NodeJS.Signals) => {
    for (const pid of [...descendants(program.pid), program.pid]) process.kill(pid, signal);
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`process tree - ${signal} to every process lets the slave complete its task`, async () => {
      const slave = await start([signal]);
      signalTree(signal);
      expect(await program.line()).to.equal('ending');
      go();
      const lines = [`working ${slave}`, 'ending', 'worked'];
      expect(await program.ended).to.deep.equal({ code: null, signal, lines, stderr: '' });
      expect(existsSync(join(folder, 'result'))).to.equal(true);
      await gone(slave);
    });

    it(`process tree - ${signal} to every process leaves the slave to a master that listens itself`, async () => {
      const slave = await start([signal, 'on', 'before']);
      signalTree(signal);
      expect(await program.line()).to.equal('handled');
      go();
      const lines = [`working ${slave}`, 'handled', 'worked', 'worked more'];
      expect(await program.ended).to.deep.equal({ code: 3, signal: null, lines, stderr: '' });
      await gone(slave);
    });

    it(`process tree - ${signal} to every process reaches a listener of the slave`, async () => {
      const slave = await start([signal], { LISTEN_FOR: signal });
      process.kill(slave, signal);
      expect(await program.line()).to.equal('the slave has heard');
      signalTree(signal);
      const next = [await program.line(), await program.line()];
      expect(next).to.have.members(['the slave has heard', 'ending']);
      go();
      const { lines, ...end } = await program.ended;
      expect(end).to.deep.equal({ code: null, signal, stderr: '' });
      expect(lines.at(-1)).to.equal('worked');
    });
  }

  it('process tree - a slave in a busy loop ends with its master although both were sent SIGTERM before', async () => {
    program = runNode([fixture('master-of-orphans.js'), fixture('orphaned.js'), 'busy loop', '1']);
    const [slave] = JSON.parse(await program.line()) as number[];
    const others = descendants(program.pid);
    expect(others).to.include(slave).and.to.have.lengthOf(2);
    for (const pid of others) process.kill(pid, 'SIGTERM');
    process.kill(program.pid, 'SIGKILL');
    await program.ended;
    for (const pid of others) await gone(pid);
  });
});
