import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { run } from '../package/support/run';

const EXAMPLE = join(__dirname, '..', '..', 'examples/cancellable-search');

/** What comes after the search, however that has ended. */
const AFTERWARDS = `Its slave lives on: true
The one that does not listen: TimeoutError
What waited behind it: SlaveExitedError, slave 0 was ended because its task 'search like mad' had not stopped within 300 ms of being cancelled.
A new slave takes over: true
`;

describe('example: cancellable-search', () => {
  it('cancellable-search - finds the number and prints its progress', async () => {
    const { stdout, stderr, code } = await run(EXAMPLE, process.execPath, 'main.js', '314159');
    expect(code).to.equal(0);
    expect(stdout).to.equal(`Found: 314159\n${AFTERWARDS}`);
    expect(stderr.split('\n')[0]).to.equal('Searching: 0 of 1000000');
    expect(stderr).to.match(/^Searching: [1-9]\d* of 1000000$/m);
  });

  it('cancellable-search - is cancelled by its timeout', async () => {
    const { stdout, code } = await run(EXAMPLE, process.execPath, 'main.js', '999999999999', '200ms');
    expect(code).to.equal(0);
    expect(stdout).to.equal(`Not found: TimeoutError\n${AFTERWARDS}`);
  });

  it('cancellable-search - is cancelled by SIGINT to the whole process group', async () => {
    // A process group of its own, as a shell makes one.
    const child = spawn(process.execPath, ['main.js', '999999999999'], { cwd: EXAMPLE, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout = text(child.stdout);
    child.stderr.setEncoding('utf8');
    let isPressed = false;
    for await (const lines of child.stderr) {
      if (isPressed || !/^Searching: [1-9]/m.test(lines as string)) continue;
      isPressed = process.kill(-child.pid!, 'SIGINT');
    }
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).to.equal(0);
    expect(await stdout).to.equal(`Not found: AbortError (Ctrl-C)\n${AFTERWARDS}`);
  });

  it('cancellable-search - a wrong argument fails with a message', async () => {
    const { code, stderr } = await run(EXAMPLE, process.execPath, 'main.js', 'π');
    expect({ code, stderr }).to.deep.equal({ code: 1, stderr: 'The number must consist of digits.\n' });
  });
});
