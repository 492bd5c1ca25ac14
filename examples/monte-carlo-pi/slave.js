const slave = require('dist-io').Slave;

let inAll = { hits: 0, darts: 0 };

slave
  // How many of so many darts, thrown at a square at random, hit the quarter of a circle in it.
  .task('throw', ({ seed, darts }) => {
    const random = randomFrom(seed);
    let hits = 0;
    for (let i = 0; i < darts; i++) if (random() ** 2 + random() ** 2 < 1) hits++;
    return { hits, darts };
  })
  // The second step of the pipeline: by one slave, which adds up.
  .task('add', ({ hits, darts }) => (inAll = { hits: inAll.hits + hits, darts: inAll.darts + darts }));

/** Numbers from 0 to 1 that look random and are always the same ones for the same seed (mulberry32). */
function randomFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
