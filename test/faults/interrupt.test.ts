import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fixture } from '../support/fixture';
import { gone, type Program, runNode } from '../support/program';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

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

  const expectLines = async (...lines: string[]) => {
    for (const line of lines) expect(await program.line()).to.equal(line);
  };

  for (const runtime of ['process', 'thread', 'inline']) {
    for (const signal of SIGNALS) {
      it(`${signal} - a slave (${runtime}) completes its task, then the program ends by the signal`, async () => {
        const slave = await start(runtime, signal);
        interrupt(signal);
        await expectLines('ending');
        expect(existsSync(result())).to.equal(false);
        go();
        expect(await program.ended).to.deep.equal({
          code: null,
          signal,
          lines: [`working ${slave}`, 'ending', 'worked'],
          stderr: '',
        });
        expect(existsSync(result())).to.equal(true);
        await gone(slave);
      });
    }
  }

  for (const second of SIGNALS) {
    it(`SIGINT, later ${second} - the program ends at once, its slave with it`, async () => {
      const slave = await start('process');
      interrupt('SIGINT');
      await expectLines('ending');
      interrupt(second);
      expect(await program.ended).to.include({ signal: second });
      await gone(slave);
      expect(existsSync(result())).to.equal(false);
    });
  }

  it('SIGINT twice within 200 ms - counts as one', async () => {
    program = runNode([fixture('interrupted.js'), folder, 'process', 'SIGINT', 'raises twice within 200 ms', 'after']);
    expect([await program.line(), await program.line()]).to.include('ending');
    go();
    const { signal, lines } = await program.ended;
    expect([signal, lines.at(-1)]).to.deep.equal(['SIGINT', 'worked']);
  });

  for (const [signal, when] of [
    ['SIGINT', 'before'],
    ['SIGTERM', 'after'],
  ] as const) {
    for (const listener of ['on', 'once', 'prepended once', 'signal-exit beside on']) {
      it(`${signal} - a listener of the program (${listener}, added ${when} its slave) decides`, async () => {
        const slave = await start('process', signal, listener, when);
        interrupt(signal);
        await expectLines('handled');
        go();
        const lines = [`working ${slave}`, 'handled', 'worked', 'worked more'];
        expect(await program.ended).to.deep.equal({ code: 3, signal: null, lines, stderr: '' });
        await gone(slave);
      });
    }

    for (const listener of [
      'signal-exit 3',
      'signal-exit 4',
      'both signal-exits',
      'counts listeners',
      'once, then raises',
      'raises later',
    ]) {
      it(`${signal} - beside an exit hook (${listener}, added ${when} the slave), the task is completed`, async () => {
        const slave = await start('process', signal, listener, when);
        interrupt(signal);
        await expectLines('cleaned up', 'ending');
        go();
        const lines = [`working ${slave}`, 'cleaned up', 'ending', 'worked'];
        expect(await program.ended).to.deep.equal({ code: null, signal, lines, stderr: '' });
        await gone(slave);
      });
    }
  }

  it('SIGINT twice beside an exit hook - the program ends at once', async () => {
    const slave = await start('process', 'SIGINT', 'signal-exit 4', 'before');
    interrupt('SIGINT');
    await expectLines('cleaned up', 'ending');
    interrupt('SIGINT');
    expect(await program.ended).to.include({ signal: 'SIGINT' });
    await gone(slave);
    expect(existsSync(result())).to.equal(false);
  });
});
