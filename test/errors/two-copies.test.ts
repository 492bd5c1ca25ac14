import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import * as ours from 'dist-io';

type Copy = typeof ours;

/** Makes one error of each class. */
const examples = (copy: Copy): ours.DistIOError[] => {
  const Classes = copy as unknown as Record<string, new (...args: unknown[]) => ours.DistIOError>;
  const facts: Record<string, unknown> = { SlaveDiedError: { stderrTail: '' } };
  return classesOf(copy).map((name) => new Classes[name]('a', facts[name] ?? ['b'], []));
};

const classesOf = (copy: Copy): string[] => Object.keys(copy).filter((name) => name.endsWith('Error') && name !== 'DistIOError');

describe('errors: two copies of the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'second-copy-'));
  let theirs: Copy;
  before(() => {
    const root = join(__dirname, '..', '..');
    for (const part of ['dist', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    theirs = createRequire(join(folder, 'index.js'))(folder) as Copy;
  });
  after(() => rmSync(folder, { recursive: true }));

  it('instanceof - an error of the other copy is an instance of its class and of DistIOError', () => {
    for (const error of examples(theirs)) {
      expect(Object.getPrototypeOf(Object.getPrototypeOf(error)))
        .to.equal(theirs.DistIOError.prototype)
        .and.not.equal(ours.DistIOError.prototype);
      expect(error instanceof ours.DistIOError).to.equal(true);
      const matching = classesOf(ours).filter(
        (name) => error instanceof (ours as unknown as Record<string, typeof ours.DistIOError>)[name],
      );
      expect(matching).to.deep.equal([error.name]);
    }
  });

  it('instanceof - a class derived by a program has only its own instances', () => {
    class Late extends ours.TimeoutError {}
    const Timeout = theirs.TimeoutError as unknown as new (...args: unknown[]) => Error;
    expect(new Timeout('task', 'slave 1', 5) instanceof Late).to.equal(false);
    const late: unknown = new (Late as unknown as new (...args: unknown[]) => Error)('task', 'slave 1', 5);
    expect(late instanceof Late).to.equal(true);
    expect(late instanceof theirs.TimeoutError).to.equal(true);
  });

  it('instanceof - what only looks like an error of dist-io is none', () => {
    const lookalikes = [null, undefined, 'TIMEOUT', { code: 'TIMEOUT' }, Object.assign(new Error('late'), { code: 'TIMEOUT' })];
    for (const value of lookalikes) expect(value instanceof ours.DistIOError || value instanceof ours.TimeoutError).to.equal(false);
  });
});
