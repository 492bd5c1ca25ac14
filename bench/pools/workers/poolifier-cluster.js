const { ClusterWorker } = require('../../peers/node_modules/poolifier');
const { load, run } = require('../jobs');

load();
module.exports = new ClusterWorker(run);
