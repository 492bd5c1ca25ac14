// Measures the contestants alternately, round by round, so that other load on the machine affects all of them.

/** Answers per second with `inFlight` requests in flight at any time. */
async function throughput(ask, data, count, inFlight) {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await ask(data);
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, lane));
  return count / ((performance.now() - began) / 1000);
}

/** Microseconds for one answer, one request at a time. */
async function latency(ask, data, count) {
  return 1e6 / (await throughput(ask, data, count, 1));
}

/** Runs `measure(contestant)` for each contestant in turn, `rounds` times. */
async function inTurn(contestants, rounds, measure) {
  const figures = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, contestant] of Object.entries(contestants)) figures[name].push(await measure(contestant));
  }
  return figures;
}

function median(figures) {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)];
}

/** The median of the ratios of each round, which is stable when the machine's speed drifts. */
function ratio(figures, baseline) {
  return median(figures.map((figure, round) => figure / baseline[round]));
}

module.exports = { throughput, latency, inTurn, median, ratio };
