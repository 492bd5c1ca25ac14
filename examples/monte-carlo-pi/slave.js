const slave = require('dist-io').Slave;
const { randomFrom } = require('../random');

let inAll = { hits: 0, darts: 0 };

slave
  // Counts the darts that hit the quarter circle in a square, thrown at random.
  .task('throw', ({ seed, darts }) => {
    const random = randomFrom(seed);
    let hits = 0;
    for (let i = 0; i < darts; i++) if (random() ** 2 + random() ** 2 < 1) hits++;
    return { hits, darts };
  })
  // The second step of the pipeline: one slave adds up the hits.
  .task('add', ({ hits, darts }) => (inAll = { hits: inAll.hits + hits, darts: inAll.darts + darts }));
