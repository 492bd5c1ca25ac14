// The least that a forked child can do: what dist-io is measured against.
process.on('message', (message) => process.send(message));
process.send('ready');
