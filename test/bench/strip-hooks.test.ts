// The loop without hooks, which the benchmark measures beside the loop.
import { expect, test } from 'vitest';

const { withoutHooks } = (await import('../../bench/strip-hooks.mjs' as string)) as {
  withoutHooks(text: string, file: string): { text: string; removed: number };
};

test('every check of the observer goes, with what depends on it, and the rest stays', () => {
  const before = [
    'class Loop {',
    '    observer = null;',
    '    run(task) {',
    '        if (this.loop.observer !== null)',
    "            this.loop.tell('a', task);",
    '        work();',
    "        if (this.observer !== null && this.count(task) > 0) this.tell('b');",
    '        if (observer !== null) {',
    "            this.tell('c');",
    '        }',
    '        if (this.observer === null || !(task instanceof Handle))',
    '            return task.run();',
    '    }',
    '}',
  ];
  const { text, removed } = withoutHooks(before.join('\n'), 'loop.js');
  expect(removed).toBe(4);
  expect(text.split('\n')).toEqual([
    'class Loop {',
    '    observer = null;',
    '    run(task) {',
    '        work();',
    '        if (true)',
    '            return task.run();',
    '    }',
    '}',
  ]);
});

test('of a call that is made if there is an observer nothing is left but a statement that does nothing', () => {
  const before = ['if (isHandle)', "    this.observer?.handle('start', it);", 'else', "    loop.observer?.step('start', it);", 'work();'];
  expect(withoutHooks(before.join('\n'), 'loop.js')).toEqual({ text: 'if (isHandle)\n;\nelse\n;\nwork();', removed: 2 });
});

test('a check in a form it does not know is an error, not a hook that is left', () => {
  expect(() => withoutHooks('const watched = this.observer !== null;', 'loop.js')).toThrow('loop.js');
  expect(() => withoutHooks('const told = this.observer?.step(task);', 'loop.js')).toThrow('loop.js');
});
