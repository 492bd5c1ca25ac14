const { expose } = require('../../peers/node_modules/threads/worker');
const { run } = require('../jobs');

expose({ run });
