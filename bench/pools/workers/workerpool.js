const { worker } = require('../../peers/node_modules/workerpool');
const { load, run } = require('../jobs');

load();
worker({ run });
