const { once } = require('node:events');
const { createReadStream } = require('node:fs');
const { createInterface } = require('node:readline');
const slave = require('dist-io').Slave;

let open = 0;

slave
  .task('search', async function* ({ file, text }) {
    const stream = createReadStream(file);
    await once(stream, 'open');
    open++;
    try {
      let number = 0;
      for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
        number++;
        if (line.includes(text)) yield { file, number, line };
      }
    } finally {
      // Runs also when the reader leaves early.
      stream.destroy();
      if (!stream.closed) await once(stream, 'close');
      open--;
    }
  })
  .task('open files', () => open);
