import { expect } from 'chai';
import { contract } from './runtimes';

contract('task options', (suite) => {
  let refused: Record<string, unknown>;
  let value: unknown;
  before(async () => {
    const slave = suite.createSlave('wrong-task-options.js');
    refused = (await slave.exec('refused')).unwrap() as typeof refused;
    ({ value } = await slave.exec('task'));
  });

  for (const [what, messages] of Object.entries({
    options: [
      'TypeError: The options must be an object, not 5.',
      `TypeError: There is no option 'cahce'. Did you mean 'cache'? The options are: cache, timeout, retries, idempotent, cancel, grace.`,
      `TypeError: The options must be an object, not 'cache'.`,
    ],
    defaults: [
      `TypeError: timeout must be a duration in ms or a string such as '5s' (ms, s, m, h, d), not 'soon'.`,
      'TypeError: retries must be a whole number of at least 0, not 0.5.',
      `TypeError: idempotent must be true or false, not 'yes'.`,
      `TypeError: cancel must be 'signal' or 'kill', not 'kil'. Did you mean 'kill'?`,
      `TypeError: grace must be a duration in ms or a string such as '5s' (ms, s, m, h, d), not NaN.`,
    ],
    cache: [
      'TypeError: cache must be an object, not true.',
      'TypeError: cache must be an object, not null.',
      `TypeError: There is no option 'max'. The options are: size, ttl, key.`,
    ],
    size: [
      `TypeError: cache.size must be a size in bytes or a string such as '64mb' (b, kb, mb, gb), not 'lots'.`,
      `TypeError: cache.size must be a size in bytes or a string such as '64mb' (b, kb, mb, gb), not null.`,
    ],
    ttl: [
      `TypeError: cache.ttl must be a duration in ms or a string such as '5s' (ms, s, m, h, d), not 'soon'.`,
      `TypeError: cache.ttl must be a duration in ms or a string such as '5s' (ms, s, m, h, d), not NaN.`,
    ],
    key: [
      `TypeError: cache.key must be a function of the data, not 'name'.`,
      `TypeError: cache.key must be a function of the data, not [object Object].`,
    ],
    handler: [
      `TypeError: The task 'task' needs a function as its last argument, not object.`,
      `TypeError: The task 'task' needs a function as its last argument, not string.`,
      `TypeError: The task 'task' needs a function as its last argument, not object.`,
    ],
    generators: Array(2).fill(
      `TypeError: The task 'task' streams, and a stream cannot be cached: return an array, or leave out 'cache'.`,
    ) as string[],
  })) {
    suite.it(`task options - wrong ${what} throw a TypeError`, () => {
      expect(refused[what]).to.deep.equal(messages);
    });
  }

  suite.it('task options - a rejected task leaves nothing behind', () => {
    expect(refused.fine).to.deep.equal([null, 0]);
    expect(value).to.equal('fine');
  });
});
