import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { gone, type Program, runNode } from '../support/program';

describe('faults: interrupt', () => {
  let folder: string;
  let program: Program;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'interrupt-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const result = () => join(folder, 'result');
  const go = () => writeFileSync(join(folder, 'go'), '');

  /** In a process group of its own, as a terminal would have it. @returns the pid of its slave, which is in the middle of a task */
  const start = async (...args: string[]): Promise<number> => {
    program = runNode([fixture('interrupted.js'), folder, ...args], { detached: true });
    return Number((await program.line()).replace('working ', ''));
  };

  /** As a terminal does it: to everyone in the foreground. */
  const interrupt = (signal: NodeJS.Signals) => process.kill(-program.pid, signal);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`${signal} - the running task completes, then the program ends by the signal`, async () => {
      const slave = await start('process');
      interrupt(signal);
      expect(await program.line()).to.equal('leading');
      expect(existsSync(result())).to.equal(false);
      go();
      expect(await program.ended).to.deep.include({ code: null, signal, lines: [`working ${slave}`, 'leading', 'worked'], stderr: '' });
      expect(existsSync(result())).to.equal(true);
      await gone(slave);
    });
  }

  it('SIGINT - the running task of a thread completes', async () => {
    await start('thread');
    interrupt('SIGINT');
    expect(await program.line()).to.equal('leading');
    go();
    expect(await program.ended).to.include({ signal: 'SIGINT' });
    expect(existsSync(result())).to.equal(true);
  });

  it('SIGINT twice - ends the program and its slave at once', async () => {
    const slave = await start('process');
    interrupt('SIGINT');
    expect(await program.line()).to.equal('leading');
    interrupt('SIGINT');
    expect(await program.ended).to.include({ signal: 'SIGINT' });
    await gone(slave);
    expect(existsSync(result())).to.equal(false);
  });

  it('SIGINT - is left to a program that listens to it', async () => {
    const slave = await start('process', 'own');
    interrupt('SIGINT');
    expect(await program.line()).to.equal('user leads');
    go();
    const { code, lines } = await program.ended;
    expect(code).to.equal(3);
    expect(lines.filter((line) => line !== 'leading')).to.deep.equal([`working ${slave}`, 'user leads', 'worked', 'worked more']);
    expect(existsSync(result())).to.equal(true);
    await gone(slave);
  });
});
