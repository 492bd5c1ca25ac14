// A store of four shards. Each key has one shard. A shard that is killed is started again and keeps its keys: only their values are lost,
// and are written again.
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

  const south = master.slave('south');
  process.kill(south.pid, 'SIGKILL');
  // Not `events.once`, which rejects at the event 'error' of the killed process.
  await new Promise((resolve) => south.once('restart', resolve));
  const after = await Promise.all(USERS.map(get));
  report('After a kill of south', before, after);

  const lost = USERS.filter((_, i) => after[i].value === null);
  await Promise.all(lost.map((user) => set(user, 'final')));
  report('Written again', before, await Promise.all(USERS.map(get)));
  console.log('south:', await count(south));

  await pool.exit();
}

function createShard(alias) {
  return master.createSlave(require.resolve('./slave.js'), { alias, restart: 'permanent' });
}

async function count(shard) {
  return (await shard.exec('count')).value;
}

/** Compares where the values were read, before and after. */
function report(title, before, after) {
  const lost = after.filter(({ value }) => value === null).length;
  const moved = after.filter(({ slave }, i) => slave.alias !== before[i].slave.alias).length;
  console.log(`${title}: ${lost} lost, ${moved} moved to other shards`);
}

main();
