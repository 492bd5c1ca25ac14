// Addresses slaves by their role, and moves one to another group.
const master = require('dist-io').Master;

async function main() {
  const file = require.resolve('./slave.js');
  const [cook] = master.createSlaves(3, file, { group: 'kitchen', alias: 'cook' });
  master.createSlaves(2, file, { group: 'service' });

  console.log('Kitchen:', (await master.tell('kitchen').to('who are you')).joinValues(', '));
  console.log('Service:', (await master.tell('service').to('who are you')).joinValues(', '));

  cook.group = 'service';
  console.log('Service, with the cook:', (await master.tell('service').to('who are you')).joinValues(', '));
  console.log('One by its alias:', (await master.slave('cook-2').exec('who are you')).value);
  console.log('In the kitchen:', master.slaves.inGroup('kitchen').length, 'of', master.slaves.length);

  await master.exit();
}

main();
