/** Example exchange rates, in euros. */
const RATES = { EUR: 1, USD: 0.92, GBP: 1.17, JPY: 0.0061 };

/** Converts records to orders; invalid ones are returned separately, with the reason. */
exports.transform = function transform(records) {
  const orders = [];
  const rejected = [];
  for (const [id, customer, country, currency, quantity, price] of records) {
    const reason = problem(currency, quantity, price);
    if (reason !== undefined) rejected.push({ id, reason });
    else orders.push({ id: Number(id), customer, country, cents: Math.round(quantity * price * RATES[currency] * 100) });
  }
  return { orders, rejected };
};

function problem(currency, quantity, price) {
  if (!Object.hasOwn(RATES, currency)) return 'unknown currency';
  if (!(Number(quantity) > 0)) return 'wrong quantity';
  if (!(Number(price) > 0)) return 'wrong price';
  return undefined;
}
