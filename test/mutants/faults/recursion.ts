// Rule 36: awaits that may go deep.
import type { Mutant } from '../mutant.ts';

export const recursion: readonly Mutant[] = [
  {
    rule: 36,
    breaks: 'an eager task suspends to the chain of the step it began in',
    file: 'loop/recurse.ts',
    find: ' && below.runner === running()',
    replace: '',
    caughtBy: ['loop/recurse.test.ts'],
  },
  {
    rule: 36,
    breaks: 'a chain goes past an asynchronous generator',
    file: 'loop/recurse.ts',
    find: '  below = undefined;\n  return left;',
    replace: '  return left;',
    caughtBy: ['loop/recurse.test.ts'],
  },
  {
    rule: 36,
    breaks: 'what is driven by hand suspends once more',
    file: 'loop/recurse.ts',
    find: 'MOST_IN_PLACE = 32',
    replace: 'MOST_IN_PLACE = 0',
    caughtBy: ['loop/recurse.test.ts'],
  },
  {
    rule: 36,
    breaks: 'return() ends the innermost only',
    file: 'loop/recurse.ts',
    find: "const ends = how === 'return' && result?.done;",
    replace: 'const ends = false;',
    caughtBy: ['loop/recurse.test.ts'],
  },
  {
    rule: 36,
    breaks: 'the stack has the innermost coroutine only',
    file: 'loop/await-stack.ts',
    find: 'at >= 0 && lines.length < MOST_FRAMES',
    replace: 'at >= chain.length - 1 && lines.length < MOST_FRAMES',
    caughtBy: ['loop/recurse.test.ts'],
  },
  {
    rule: 36,
    breaks: 'whoever resumes one in the middle of a chain runs what is below it as well',
    file: 'loop/recurse.ts',
    find: "  if (it.state === 'taken') takeBack(it);\n",
    replace: '',
    caughtBy: ['loop/recurse.test.ts'],
  },
];
