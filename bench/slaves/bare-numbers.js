// Node's own IPC, one message per item, in portions so that its buffers do not grow without limit.
process.on('message', (count) => {
  let i = 0;
  const portion = () => {
    let last = true;
    for (let end = Math.min(i + 256, count); i < end; i++)
      last = i === end - 1 ? process.send(i, i === count - 1 ? undefined : portion) : process.send(i);
    return last;
  };
  portion();
});
