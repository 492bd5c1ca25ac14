// Passes the result of one slave to the next, or to several at once.
const master = require('dist-io').Master;

async function main() {
  const file = require.resolve('./slave.js');
  const [writer, reviewer, ...readers] = master.createSlaves(4, file);

  const draft = await writer.exec('write', 'slaves');
  const reviewed = await draft.pipe('review').to(reviewer);
  const opinions = await reviewed.pipe('read').to(readers);
  for (const { value } of opinions) console.log(value);

  const failed = await writer.exec('write', '');
  // A failed result is not passed on.
  await failed
    .pipe('review')
    .to(reviewer)
    .catch((error) => console.log('Nothing to review:', error.message));

  await master.exit();
}

main();
