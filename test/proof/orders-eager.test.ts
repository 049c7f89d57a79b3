import { everyOrder, everyOrderCancelled } from './interleave.ts';
import { prove } from './prove.ts';
import { scenarios } from './scenarios.ts';

prove([...scenarios.eager], [150, 20_000], async (scenario, search) => [await everyOrder(scenario, search), await everyOrderCancelled(scenario, search)]);
