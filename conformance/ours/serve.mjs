// One program a line in ({p}), one answer a line out ({observed, unobserved, skip}).
import { createInterface } from 'node:readline';
import { run } from './interp.mjs';
for await (const line of createInterface({ input: process.stdin })) {
  const p = JSON.parse(line);
  let answer;
  try {
    const a = await run(p, { observe: true });
    const b = await run(p, { turnBudget: 0, probes: true });
    answer = { observed: a.lines, unobserved: b.lines, skip: a.skip || b.skip, suspect: a.suspect };
  } catch (e) {
    answer = { observed: [`broken: ${e.stack}`], unobserved: [], skip: true };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
