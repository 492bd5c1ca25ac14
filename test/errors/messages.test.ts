import { expect } from 'chai';
import { DistIOError, DuplicateAliasError, Master, type Runtime, SlaveDiedError, SpawnError, UnknownSlaveError } from 'dist-io';
import { fixture } from '../support/fixture';

const LINES = /[\r\n\u2028\u2029]/;

/** @returns the message, which is one line */
const messageOf = (error: unknown): string => {
  expect(error).to.be.an.instanceOf(Error);
  const { message } = error as Error;
  expect(message).not.to.match(LINES);
  return message;
};

describe('errors: messages', () => {
  const master = new Master({ stderr: 'ignore' });
  after(() => master.kill());

  for (const runtime of ['process', 'thread', 'inline'] as Runtime[])
    it(`messages - a file that fails to load (${runtime}) is told in one line, without paths of its stack`, async () => {
      const slave = master.createSlave(fixture('throws-lines-on-load.js'), { runtime });
      const { error } = await slave.exec('echo');
      expect(error)
        .to.be.an.instanceOf(SpawnError)
        .with.nested.property('cause.message')
        .that.match(/line two/);
      expect(messageOf(error)).to.match(/did not start: it threw Error: cannot read config\.json:$/);
    });

  for (const runtime of ['process', 'thread'] as Runtime[])
    it(`messages - the death of a ${runtime} is told in one line, and its stderr in a field`, async () => {
      const slave = master.createSlave(fixture('dying.js'), { runtime });
      const { error: exited } = await slave.exec('last words');
      expect(messageOf(exited)).to.equal(
        `slave ${slave.id} ended with exit code 3 before it answered. Its last output on stderr is in stderrTail.`,
      );
      expect(exited)
        .to.include({ reason: 'exit' })
        .and.have.property('stderrTail')
        .that.match(/these are my last words/);

      const { error: thrown } = await master.createSlave(fixture('dying.js'), { runtime }).exec('throw in a timer');
      expect(messageOf(thrown)).to.match(/ended with exit code 1 before it answered: it threw TypeError: thrown in a timer$/);
      expect(thrown).to.be.an.instanceOf(SlaveDiedError).with.property('reason', 'crash');
    });

  it('messages - names of several lines are put into one', async () => {
    const name = 'first line\nsecond line\r\n\tthird';
    const slave = master.createSlave(fixture('echo.js'), { runtime: 'inline', alias: name });
    expect(messageOf((await slave.exec(name)).error)).to.contain(`has no task 'first line second line third'`);
    const failures: [() => unknown, new (...args: never[]) => Error][] = [
      [() => master.slave(`${name}!`), UnknownSlaveError],
      [() => master.createSlave(fixture('echo.js'), { alias: name }), DuplicateAliasError],
      [() => master.createSlave(fixture('echo.js'), { timeout: name }), TypeError],
      [() => master.createSlave(fixture('echo.js'), { [name]: 1 } as never), TypeError],
      [() => slave.kill(name as NodeJS.Signals), TypeError],
      [() => slave.exec('echo', undefined, name as never), TypeError],
    ];
    for (const [fail, Class] of failures) {
      let error: unknown;
      try {
        fail();
      } catch (caught) {
        error = caught;
      }
      expect(error).to.be.an.instanceOf(Class);
      messageOf(error);
    }
  });

  it('messages - the path to a value that cannot be sent is one line', async () => {
    const { error } = await master.createSlave(fixture('echo.js'), { runtime: 'inline' }).exec('echo', { 'a\nb': () => undefined });
    expect(error).to.be.an.instanceOf(DistIOError);
    messageOf(error);
  });
});
