// One piece of work, done in five ways. Each takes the throws to make and resolves how many darts have hit.
const master = require('dist-io').Master;

const sum = (values) => values.reduce((sum, { hits }) => sum + hits, 0);

/** For comparison: one slave, which has them all to do. */
exports['one slave'] = async function (throws, [slave]) {
  const responses = await Promise.all(throws.map((data) => slave.exec('throw', data, { rejectOnError: true })));
  return sum(responses.map(({ value }) => value));
};

/** All at once, each to whoever has the least to do. */
exports.parallel = async function (throws) {
  const parallel = master.createParallel();
  for (const data of throws) parallel.addTask('throw', data, { rejectOnError: true });
  return sum((await parallel.execute()).values);
};

/** Two steps: all slaves throw, the last one adds up as well. */
exports.pipeline = async function (throws, slaves) {
  let last;
  const pipeline = master.createPipeline().addTask('throw').addTask('add').for(slaves.at(-1));
  for await (const inAll of pipeline.map(throws)) last = inAll;
  return last.hits;
};

/** Each to the next slave that is idle. */
exports.workpool = async function (throws, slaves) {
  let hits = 0;
  for await (const value of master.createWorkpool(...slaves).map(throws, 'throw', { ordered: false })) hits += value.hits;
  return hits;
};

/** Dealt out beforehand, and added up as they come in. */
exports.scatter = function (throws, slaves) {
  const scatter = master.createScatter('throw').data(...throws);
  return scatter.reduce((sum, { hits }) => sum + hits, 0, slaves);
};
