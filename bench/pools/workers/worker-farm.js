const { run } = require('../jobs');

module.exports = (job, callback) => {
  run(job).then(
    (value) => callback(null, value),
    (error) => callback(error),
  );
};
