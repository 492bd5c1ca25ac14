const { appendFileSync } = require('node:fs');
const { parse } = require('./extract');
const { transform } = require('./transform');
const slave = require('dist-io').Slave;

const revenue = {};

slave
  .task('parse', (block) => parse(block))
  .task('transform', (records) => transform(records))
  // Runs on one slave only, so that the sums are complete and the file has the orders in sequence.
  .task('load', (orders) => {
    appendFileSync(slave.context().metadata.into, orders.map((order) => `${JSON.stringify(order)}\n`).join(''));
    for (const { country, cents } of orders) revenue[country] = (revenue[country] ?? 0) + cents;
    return { count: orders.length, revenue };
  });
