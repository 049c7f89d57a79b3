// What of the language was executed: the share of programs for each word, way and error.

/** The share of programs below which a feature counts as not tried. */
export const FEWEST = 0.01;

/** Everything that is to be tried, by kind, in the names CPython's side counts it by. */
export const FEATURES = {
  calls: `mark raise spawn spawnin mk cancel uncancel set setexc addcb cbin rmcb inspect exception probe all cancelall factory soon soonts later at hcancel many burst stop close rel semrel
    evset evclear crel notify notifyall bump qputn qgetn qfill qdrain qdone qshut tgspawn tgnew resched locked vset vget vreset ctxnew ctxcopy ctxof ctxrun agnew`,
  statements: 'sleep await return loop try finally with timeout timeoutat reenter group regroup cm afor ascomp agfor foreign badyield emit',
  await: `f s self same c sleep task aw shield gather waitfor wait acq semacq evwait cacq cwait cwaitfor bwait breset babort qput qget qjoin anext asend athrow aclose shutag`,
  with: 'lock sem cond barrier',
  gather: 'plain return_exceptions',
  waitfor: 'for~ever at~once a~while',
  wait: 'first exc all',
  ascomp: 'iter async many stagger',
  except: '* C T B K E G',
  then: 'swallow re raise ret',
  spawnin: 'context eager name',
  factory: 'none eager own',
  burst: 'soon later task',
  qshut: 'immediate gently',
  tgspawn: 'refused',
  agen: 'finally',
  emit: 'guarded finally',
  agfor: 'closing leaving aclosing',
  foreign: 'f shield waitfor',
  handler: 'raises',
  main: 'sync run forever close drain shutag final run~raises forever~raises sync~raises drain~raises',
  error: `Boom Bang CancelledError TimeoutError KeyboardInterrupt RuntimeError ValueError TypeError LookupError InvalidStateError DeadlockError StopAsyncIteration
    BrokenBarrierError QueueEmpty QueueFull QueueShutDown ExceptionGroup`,
};

const bare = new Set(['calls', 'statements']);
export class Features {
  programs = 0;
  counts = new Map();
  wanted = new Set();

  constructor() {
    for (const [kind, words] of Object.entries(FEATURES)) {
      for (const word of words.split(/\s+/)) this.wanted.add(`${bare.has(kind) ? '' : `${kind} `}${word.replaceAll('~', ' ')}`);
    }
  }

  add({ programs, seen }) {
    this.programs += programs;
    for (const [feature, n] of Object.entries(seen)) {
      this.counts.set(feature, (this.counts.get(feature) ?? 0) + n);
    }
  }

  share(feature) {
    return this.programs === 0 ? 0 : (this.counts.get(feature) ?? 0) / this.programs;
  }

  rare() {
    return [...this.wanted].filter((feature) => this.share(feature) < FEWEST);
  }

  /** One line a kind: each word with the percentage of programs in which it was executed. */
  table() {
    const rows = Object.entries(FEATURES).map(([kind, words]) => {
      const cells = words.split(/\s+/).map((word) => {
        const name = word.replaceAll('~', ' ');
        return `${name} ${(this.share(bare.has(kind) ? name : `${kind} ${name}`) * 100).toFixed(1)}`;
      });
      return `${kind}: ${cells.join(' · ')}`;
    });
    const others = [...this.counts.keys()].filter((feature) => !this.wanted.has(feature));
    if (others.length > 0) rows.push(`and, now and then: ${others.join(', ')}`);
    return `executed, in % of ${this.programs} programs\n  ${rows.join('\n  ')}`;
  }
}
