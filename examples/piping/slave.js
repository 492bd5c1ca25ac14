const slave = require('dist-io').Slave;

slave
  .task('write', (topic) => {
    if (topic === '') throw new Error('No topic');
    return `All about ${topic}`;
  })
  .task('review', (text) => `${text}, reviewed`)
  .task('read', (text) => `Slave ${slave.id} has read: ${text}`);
