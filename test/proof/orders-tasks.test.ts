import { everyOrder, everyOrderCancelled } from './interleave.ts';
import { prove } from './prove.ts';
import { scenarios } from './scenarios.ts';

prove([...scenarios.tasks, ...scenarios.waiting, ...scenarios.limits, ...scenarios.groups, ...scenarios.iterating], [350, 20_000], async (scenario, search) => [
  await everyOrder(scenario, search),
  await everyOrderCancelled(scenario, search),
]);
