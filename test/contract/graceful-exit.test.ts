import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SlaveDiedError, SlaveExitedError, type SlaveHandle } from 'dist-io';
import { temporaryFolder } from '../support/temporary-folder';
import { contract } from './runtimes';

contract('graceful exit', (suite) => {
  const folder = temporaryFolder();
  const written = (name: string) => readFileSync(join(folder, name), 'utf8');

  const errorsOf = (slave: SlaveHandle) => {
    const errors: unknown[] = [];
    slave.on('error', (error) => errors.push(error));
    return errors;
  };

  suite.it(`exit({ pending: 'abort' }) - aborts the tasks, then the slave ends as after exit()`, async () => {
    const slave = suite.createSlave('ending.js');
    await slave.exec('tell of the end', join(folder, 'end'));
    const aborted = slave.exec('tell of the abort', join(folder, 'abort'));
    await slave.exec('echo');
    expect(await slave.exit({ pending: 'abort' })).to.deep.equal({ id: slave.id, code: 0, signal: null, forced: false });
    expect((await aborted).error).to.be.an.instanceOf(SlaveExitedError);
    expect([written('abort'), written('end')]).to.deep.equal(['AbortError', 'ended']);
  });

  suite.it(`exit({ pending: 'abort' }) - a slave that is still loading runs none of its requests`, async () => {
    const slave = suite.createSlave('ending.js');
    const request = slave.exec('write', join(folder, 'request'));
    expect(await slave.exit({ pending: 'abort' })).to.include({ forced: false });
    expect((await request).error).to.be.an.instanceOf(SlaveExitedError);
    expect(existsSync(join(folder, 'request'))).to.equal(false);
  });

  suite.it(
    `exit({ pending: 'abort' }) - a slave that blocks its thread is ended by force after shutdown`,
    async () => {
      const slave = suite.createSlave('ending.js', { shutdown: '50ms' });
      await slave.ready();
      const blocked = slave.exec('block');
      expect(await slave.exit({ pending: 'abort' })).to.include({ forced: true });
      expect((await blocked).error).to.be.an.instanceOf(SlaveExitedError);
    },
    { except: { inline: 'an endless loop would block this thread' } },
  );

  for (const pending of ['finish', 'abort'] as const) {
    const exit = `exit({ pending: '${pending}' })`;

    suite.it(
      `${exit} - the listeners of process.on('exit') run in the slave`,
      async () => {
        const slave = suite.createSlave('ending.js');
        const file = `${suite.runtime} ${pending}`;
        await slave.exec('tell of the exit', join(folder, file));
        await slave.exit({ pending });
        expect(written(file)).to.equal('exited');
      },
      { except: { inline: 'they belong to this process' } },
    );

    suite.it(
      `${exit} - a slave that has set process.exitCode has not died`,
      async () => {
        const slave = suite.createSlave('ending.js');
        const errors = errorsOf(slave);
        await slave.exec('set the exit code', 3);
        expect(await slave.exit({ pending })).to.deep.equal({ id: slave.id, code: 3, signal: null, forced: false });
        expect((await slave.exec('echo')).error).to.be.an.instanceOf(SlaveExitedError);
        expect(errors).to.deep.equal([]);
      },
      { except: { inline: 'the exit code belongs to this process' } },
    );

    suite.it(
      `${exit} - a slave that throws while it ends has died`,
      async () => {
        const slave = suite.createSlave('ending.js', { stderr: 'ignore' });
        const errors = errorsOf(slave);
        await slave.exec('throw at the end');
        expect(await slave.exit({ pending })).to.include({ code: 1, forced: false });
        expect(errors).to.have.lengthOf(1);
        expect(errors[0]).to.be.an.instanceOf(SlaveDiedError).with.nested.property('cause.message', 'thrown at the end');
      },
      { except: { inline: 'it would end this process' } },
    );
  }
});
