// A minimal forked child: the baseline for dist-io.
process.on('message', (message) => process.send(message));
process.send('ready');
