// A store of four shards. Each key has one shard; when a shard is killed, only its keys are lost, and no other key moves.
const master = require('dist-io').Master;

const USERS = Array.from({ length: 1000 }, (_, i) => `user ${i}`);

async function main() {
  const shards = ['north', 'east', 'south', 'west'].map((alias) => createShard(alias));
  const pool = master.createWorkpool(shards, { concurrency: 8 });

  const set = (key, value) => pool.do('set', { key, value }, { key, rejectOnError: true });
  const get = (key) => pool.do('get', key, { key, rejectOnError: true });

  // Nothing is awaited in between: jobs of one key run in order, so that each user has the second value in the end.
  await Promise.all(USERS.flatMap((user) => [set(user, 'draft'), set(user, 'final')]));
  const before = await Promise.all(USERS.map(get));
  console.log('Found:', before.filter(({ value }) => value === 'final').length);
  for (const shard of shards) console.log(`${shard.alias}:`, await count(shard));

  await master.slave('south').kill();
  const after = await Promise.all(USERS.map(get));
  report('After the end of south', before, after);

  // A new slave with the same alias gets the same keys. The lost values are written again.
  pool.add(createShard('south'));
  const lost = USERS.filter((_, i) => after[i].value === null);
  await Promise.all(lost.map((user) => set(user, 'final')));
  report('With a new south', before, await Promise.all(USERS.map(get)));
  console.log('south:', await count(master.slave('south')));

  await pool.exit();
}

function createShard(alias) {
  return master.createSlave(require.resolve('./slave.js'), { alias });
}

async function count(shard) {
  return (await shard.exec('count')).value;
}

/** Compares where the values were read, before and after. */
function report(title, before, after) {
  const lost = after.filter(({ value }) => value === null).length;
  const moved = after.filter(({ slave }, i) => slave.alias !== before[i].slave.alias).length;
  const movedFromOthers = after.filter(({ slave }, i) => slave.alias !== before[i].slave.alias && before[i].slave.alias !== 'south').length;
  console.log(`${title}: ${lost} lost, ${moved} moved, ${movedFromOthers} of them from other shards`);
}

main();
