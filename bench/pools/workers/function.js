// The worker of piscina and of tinypool: one function.
const { load, run } = require('../jobs');

load();
module.exports = run;
