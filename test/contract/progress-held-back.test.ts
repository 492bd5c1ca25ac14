import { expect } from 'chai';
import { contract } from './runtimes';

/** How many words may be under way. */
const MANY = 32;

contract('progress that is held back', (suite) => {
  suite.it('progress - updates of a task that blocks its thread arrive', async () => {
    const slave = suite.createSlave('telling.js');
    const heard: unknown[] = [];
    const { value } = await slave.exec('busy', 350, { onProgress: (word) => heard.push(word) });
    expect(heard).to.have.length.above(MANY + 2);
    expect(heard).to.have.length.below(2 * MANY);
    expect(heard.at(-1)).to.equal(value);
    expect(heard).to.deep.equal([...heard].sort((a, b) => Number(a) - Number(b)));
  });

  suite.it('progress - an update that cannot be sent throws in the task, and the slave lives on', async () => {
    const slave = suite.createSlave('telling.js');
    const { value } = await slave.exec('a function, later', undefined, { onProgress: () => undefined });
    expect(value).to.deep.equal({ code: 'NOT_SERIALIZABLE', path: 'value.fn' });
    expect((await slave.exec('a function, later')).ok).to.equal(true);
  });

  suite.it('progress - an update arrives as it was, even if the task changes it afterwards', async () => {
    const slave = suite.createSlave('telling.js');
    const heard: unknown[] = [];
    const { error } = await slave.exec('changed later', undefined, { onProgress: (word) => heard.push(word) });
    expect(error).to.equal(null);
    expect(heard.at(-1)).to.deep.equal({ text: 'as told' });
  });
});
