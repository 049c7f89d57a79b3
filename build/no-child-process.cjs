// Stands for node:child_process, which commander loads at its start and uses for commands that are programs of their own.
// Ours are not; and Node takes some 3 ms to load it.
exports.spawn = () => {
  throw new Error('the command line starts no programs: see build/no-child-process.cjs');
};
