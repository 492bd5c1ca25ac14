// Generates a file of orders as shops export them: mostly valid, with typical errors.
const { randomFrom } = require('../random');

const COUNTRIES = { DE: 'EUR', FR: 'EUR', US: 'USD', GB: 'GBP', JP: 'JPY' };
const CUSTOMERS = ['Ann', 'Ben "the Hammer"', 'Müller, Söhne & Co', 'Société Générale\nde Tout', 'O’Hara', '山田 太郎'];

exports.HEAD = 'id,customer,country,currency,quantity,price';

/** Equal counts give equal orders. One order in fifty is invalid. */
exports.orders = function* orders(count) {
  const random = randomFrom(count);
  const oneOf = (list) => list[Math.floor(random() * list.length)];
  for (let id = 1; id <= count; id++) {
    const country = oneOf(Object.keys(COUNTRIES));
    const order = {
      id,
      customer: oneOf(CUSTOMERS),
      country,
      currency: COUNTRIES[country],
      quantity: 1 + Math.floor(random() * 9),
      price: ((1 + Math.floor(random() * 20_000)) / 100).toFixed(2),
    };
    if (id % 50 === 0) oneOf([(bad) => (bad.quantity = -1), (bad) => (bad.price = 'n/a'), (bad) => (bad.currency = 'XXX')])(order);
    yield order;
  }
};

/** One CSV record: a field with a comma, a quote or a line break is quoted, and its quotes are doubled. */
exports.record = function record(order) {
  const fields = Object.values(order).map((value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value));
  return `${fields.join(',')}\n`;
};
