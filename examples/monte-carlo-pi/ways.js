// Five ways to do the same work. Each takes the throws and resolves with the number of hits.
const master = require('dist-io').Master;

const sum = (values) => values.reduce((sum, { hits }) => sum + hits, 0);

/** For comparison: one slave executes everything. */
exports['one slave'] = async function (throws, [slave]) {
  const responses = await Promise.all(throws.map((data) => slave.exec('throw', data, { rejectOnError: true })));
  return sum(responses.map(({ value }) => value));
};

/** All at once, each on the least busy slave. */
exports.parallel = async function (throws) {
  const parallel = master.createParallel();
  for (const data of throws) parallel.addTask('throw', data, { rejectOnError: true });
  return sum((await parallel.execute()).values);
};

/** Two steps: all slaves throw, and the last one also adds up the hits. */
exports.pipeline = async function (throws, slaves) {
  let last;
  const pipeline = master.createPipeline().addTask('throw').addTask('add').for(slaves.at(-1));
  for await (const inAll of pipeline.map(throws)) last = inAll;
  return last.hits;
};

/** Each on the next idle slave. */
exports.workpool = async function (throws, slaves) {
  let hits = 0;
  for await (const value of master.createWorkpool(...slaves).map(throws, 'throw', { ordered: false })) hits += value.hits;
  return hits;
};

/** Distributed in advance, and added up as the results arrive. */
exports.scatter = function (throws, slaves) {
  const scatter = master.createScatter('throw').data(...throws);
  return scatter.reduce((sum, { hits }) => sum + hits, 0, slaves);
};
