const { load, run } = require('../jobs');

load();
module.exports = { run };
