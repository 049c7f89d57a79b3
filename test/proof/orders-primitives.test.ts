import { everyOrder, everyOrderCancelled } from './interleave.ts';
import { prove } from './prove.ts';
import { scenarios } from './scenarios.ts';

prove([...scenarios.locks, ...scenarios.conditions, ...scenarios.queues], [350, 20_000], async (scenario, search) => [
  await everyOrder(scenario, search),
  await everyOrderCancelled(scenario, search),
]);
