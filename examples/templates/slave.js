const { createHash } = require('node:crypto');
const { readFile } = require('node:fs/promises');
const { join } = require('node:path');
const { cache } = require('dist-io/cache');
const slave = require('dist-io').Slave;

const READERS = { fs: readFile, cache: (file, encoding) => cache.read(file, encoding) };

let read;
let before;

slave
  .task('read by', ({ reader, watch }) => {
    read = READERS[reader];
    cache.setOptions({ watch });
    cache.purge();
    before = { hits: cache.hits, misses: cache.misses };
  })
  .task('counts', () => ({ hits: cache.hits - before.hits, misses: cache.misses - before.misses }))
  .task('render', async (invoice) => {
    const page = await render('layout', { title: `Invoice ${invoice.number}`, body: await body(invoice) });
    return createHash('sha1').update(page).digest('hex');
  });

async function body({ customer, items }) {
  let rows = '';
  for (const item of items) rows += await render('row', item);
  const total = items.reduce((sum, { count, price }) => sum + count * price, 0);
  return render('invoice', { customer, rows, total });
}

/** Reads the template each time, so that an edit shows in the next page. */
async function render(name, values) {
  const template = await read(join(__dirname, 'pages', `${name}.html`), 'utf8');
  return template.replace(/{{(\w+)}}/g, (_, key) => values[key]);
}
