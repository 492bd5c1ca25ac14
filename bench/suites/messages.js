// Values that go to a worker and back: by bare messages, by `exec`, and through pools of one and of two workers.
const { deepStrictEqual } = require('node:assert');
const { ECHOES } = require('../connections');
const pools = require('../pools/pools');
const { inTurn, latencies, quantile, rate } = require('../measure');
const { pinned } = require('../pin');

const item = (id) => ({ id, title: 'a title', tags: ['red', 'green'], price: 9.5, inStock: true });
const items = (count) => Array.from({ length: count }, (_, id) => item(id));
const numbers = { rows: new Map(Array.from({ length: 20 }, (_, i) => [`row ${i}`, 2n ** BigInt(i)])), at: new Date(0) };

const ONE_AT_A_TIME = { name: 'a number, one at a time' };
const TINY = [16, 64, 1000].map((inFlight) => ({ name: `a number, ${inFlight} in flight`, value: 1, inFlight }));
const OBJECT = { name: 'an object of 900 bytes, 1000 in flight', value: items(11), inFlight: 1000 };
const LARGE = [
  { name: 'an object of 100 KB, 16 in flight', value: items(1250), inFlight: 16 },
  { name: '1 MB of bytes, 8 in flight', value: new Uint8Array(2 ** 20), inFlight: 8 },
  { name: '64 MB of bytes, one at a time', value: new Uint8Array(2 ** 26), inFlight: 1 },
  { name: 'a Map of bigints and a Date, 1000 in flight', value: numbers, inFlight: 1000 },
];

/** The value that shows whether a contestant can carry such a one: a large one could take a contestant that sends JSON very long. */
const probe = ({ value }) => (value instanceof Uint8Array ? value.subarray(0, 8) : value);

async function start(contestants, size) {
  const started = {};
  for (const [name, contestant] of Object.entries(contestants)) started[name] = await pinned(size, () => contestant.start(size));
  return started;
}

/** Those that resolve with an equal value. JSON changes a Map, a Date and bytes. */
async function ableTo(started, one) {
  const able = {};
  for (const [name, contestant] of Object.entries(started)) {
    const isEqual = contestant.do(probe(one)).then((answer) => deepStrictEqual(answer, probe(one)));
    if (
      await isEqual.then(
        () => true,
        () => false,
      )
    )
      able[name] = contestant;
  }
  return able;
}

/** Sends the value and checks one answer in a hundred, and the length of all bytes. */
function checked(contestant, { value }) {
  let count = 0;
  return async () => {
    const answer = await contestant.do(value);
    if (value instanceof Uint8Array) deepStrictEqual(answer.length, value.length);
    else if (count++ % 100 === 0) deepStrictEqual(answer, value);
  };
}

async function* perSecond(started, cases, { rounds, ms }) {
  for (const one of cases) {
    const able = await ableTo(started, one);
    await inTurn(able, 1, (contestant) => rate(checked(contestant, one), one.inFlight, 200));
    const figures = await inTurn(able, rounds, (contestant) => rate(checked(contestant, one), one.inFlight, ms));
    yield { name: one.name, unit: 'answers a second', figures };
  }
}

/** One at a time: what one waits for. */
async function* waiting(started, { rounds, ms }) {
  const measure = (contestant) => latencies(checked(contestant, { value: 1 }), ms);
  await inTurn(started, 1, measure);
  const sorted = await inTurn(started, rounds, measure);
  for (const [title, share] of [
    ['median', 0.5],
    ['99 %', 0.99],
  ]) {
    const figures = Object.entries(sorted).map(([name, all]) => [name, all.map((times) => quantile(times, share))]);
    yield { name: `${ONE_AT_A_TIME.name}, ${title}`, unit: 'µs', isLessBetter: true, figures: Object.fromEntries(figures) };
  }
}

async function* measure(contestants, { size, cases, options }) {
  const { isChosen, withPeers } = options;
  const compared = Object.entries(contestants).filter(([, { group }]) => withPeers || !group.endsWith('peer'));
  const started = await start(Object.fromEntries(compared), size);
  if (isChosen(ONE_AT_A_TIME)) yield* waiting(started, options);
  yield* perSecond(started, cases.filter(isChosen), options);
  for (const { end } of Object.values(started)) await end();
}

const contestants = { ...ECHOES, ...pools };

module.exports = {
  contestants,
  messages: (options) => measure(contestants, { size: 1, cases: [...TINY, OBJECT, ...LARGE], options }),
  'two workers': (options) => measure(pools, { size: 2, cases: [...TINY, OBJECT], options }),
};
