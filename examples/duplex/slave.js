const { pipeline } = require('node:stream');
const { createGzip } = require('node:zlib');
const slave = require('dist-io').Slave;

slave
  /** Converts chunks of a CSV file to lines of JSON. */
  .task('convert', async function* (chunks) {
    const decoder = new TextDecoder();
    let head;
    let rest = '';
    for await (const chunk of chunks) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop();
      head ??= lines.shift()?.split(',');
      if (lines.length > 0) yield lines.map((line) => convert(head, line)).join('');
    }
    if (rest !== '') yield convert(head, rest);
  })
  /** Compresses strings or bytes. `pipeline` returns the last stream; if one fails, all are destroyed. */
  .task('zip', (chunks) => pipeline(chunks, createGzip(), () => {}));

function convert(head, line) {
  const fields = line.split(',');
  const { fahrenheit, ...reading } = Object.fromEntries(head.map((name, i) => [name, fields[i]]));
  return `${JSON.stringify({ ...reading, celsius: Math.round((fahrenheit - 32) * (50 / 9)) / 10 })}\n`;
}
