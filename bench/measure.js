// Measures the contestants alternately, round by round, so that other load on the machine affects all of them.

/** Answers per second, during `ms`, with `inFlight` requests in flight at any time. */
async function rate(ask, inFlight, ms) {
  let done = 0;
  const began = performance.now();
  const end = began + ms;
  const lane = async () => {
    while (performance.now() < end) {
      await ask();
      done++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (done / (performance.now() - began)) * 1000;
}

/** Microseconds for each answer, in order of their length, during `ms`, one request at a time. */
async function latencies(ask, ms) {
  const times = [];
  const end = performance.now() + ms;
  for (let began = performance.now(); began < end;) {
    await ask();
    const now = performance.now();
    times.push((now - began) * 1000);
    began = now;
  }
  return times.sort((a, b) => a - b);
}

/** Runs `measure(contestant)` for each contestant in turn, `rounds` times. */
async function inTurn(contestants, rounds, measure) {
  const figures = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, contestant] of Object.entries(contestants)) figures[name].push(await measure(contestant));
  }
  return figures;
}

/** The value below which a share of the sorted figures lies. */
function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function median(figures) {
  return quantile(
    [...figures].sort((a, b) => a - b),
    0.5,
  );
}

/** The median of the ratios of each round, which is stable when the machine's speed drifts. */
function ratio(figures, baseline) {
  return median(figures.map((figure, round) => figure / baseline[round]));
}

module.exports = { rate, latencies, inTurn, quantile, median, ratio };
