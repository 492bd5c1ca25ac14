import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { output } from '../package/support/run';
import { temporaryFolder } from '../support/temporary-folder';
import { rowsOf } from './table';

const ROOT = join(__dirname, '..', '..');
const EXAMPLE = join(ROOT, 'examples/etl');

interface Order {
  id: number;
  customer: string;
  country: string;
  currency: string;
  quantity: number;
  price: string;
}

const load = createRequire(__filename);
const { orders, record } = load(join(EXAMPLE, 'orders.js')) as {
  orders: (count: number) => Iterable<Order>;
  record: (order: object) => string;
};
const { blocks, parse } = load(join(EXAMPLE, 'extract.js')) as {
  blocks: (file: string, size?: number) => AsyncIterable<string>;
  parse: (text: string) => string[][];
};

/** In cents per unit of the currency. */
const RATES: Record<string, number> = { EUR: 100, USD: 92, GBP: 117, JPY: 0.61 };

describe('example: etl', () => {
  const count = 20_000;
  const folder = temporaryFolder();
  let printed: string;
  before(async () => {
    printed = await output(ROOT, process.execPath, join(EXAMPLE, 'main.js'), `${count}`, folder);
  });

  const good = [...orders(count)].filter(({ id }) => id % 50 !== 0);

  it('etl - loads every valid order once, in order', () => {
    const lines = readFileSync(join(folder, 'orders.ndjson'), 'utf8').split('\n').slice(0, -1);
    const loaded = lines.map((line) => JSON.parse(line) as { id: number; customer: string; country: string; cents: number });
    expect(loaded.map(({ id, customer, country }) => ({ id, customer, country }))).to.deep.equal(
      good.map(({ id, customer, country }) => ({ id, customer, country })),
    );
    for (const [i, { quantity, price, currency }] of good.entries())
      expect(loaded[i].cents).to.be.closeTo(quantity * Number(price) * RATES[currency], 0.6);
  });

  it('etl - prints the revenue per country and the reasons for rejected orders', () => {
    const rows = rowsOf(printed);
    const revenue = (country: string): number =>
      good
        .filter((order) => order.country === country)
        .reduce((sum, { quantity, price, currency }) => sum + (quantity * Number(price) * RATES[currency]) / 100, 0);
    const countries = rows.slice(1, 6);
    expect(countries.map(([country]) => country)).to.deep.equal(['DE', 'FR', 'GB', 'JP', 'US']);
    for (const [country, euros] of countries) expect(Number(euros), country).to.be.closeTo(revenue(country), 0.005 * count);
    const reasons = rows.slice(7).map(([why, times]) => [why, Number(times)] as const);
    expect(reasons.map(([why]) => why)).to.deep.equal(['unknown currency', 'wrong price', 'wrong quantity']);
    expect(reasons.reduce((sum, [, times]) => sum + times, 0)).to.equal(count / 50);
    expect(printed).to.contain(`${good.length} of ${count} orders loaded`);
  });

  it("extract - blocks end at a record's end, line breaks in quotes included", async () => {
    const file = join(folder, 'small.csv');
    const some = [...orders(200)];
    writeFileSync(file, `head\n${some.map(record).join('')}`);
    for (const size of [16, 100, 10_000]) {
      const records: string[][] = [];
      for await (const block of blocks(file, size)) records.push(...parse(block));
      expect(records).to.deep.equal(some.map((order) => Object.values(order).map(String)));
    }
  });

  it('parse - reads quotes, commas, line breaks and empty fields', () => {
    expect(parse('a,"b,c","d ""e""\nf",\n,,\n"",x,y\n')).to.deep.equal([
      ['a', 'b,c', 'd "e"\nf', ''],
      ['', '', ''],
      ['', 'x', 'y'],
    ]);
  });
});
