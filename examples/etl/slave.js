const { appendFileSync } = require('node:fs');
const { parse } = require('./extract');
const { transform } = require('./transform');
const slave = require('dist-io').Slave;

const revenue = {};

slave
  .task('parse', (block) => parse(block))
  .task('transform', (records) => transform(records))
  // One slave alone does this, so that it can add up what there is so far, and the file has the orders in order.
  .task('load', (orders) => {
    appendFileSync(slave.context().metadata.into, orders.map((order) => `${JSON.stringify(order)}\n`).join(''));
    for (const { country, cents } of orders) revenue[country] = (revenue[country] ?? 0) + cents;
    return { count: orders.length, revenue };
  });
