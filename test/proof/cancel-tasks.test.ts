import { cancelEverywhere } from './interleave.ts';
import { prove } from './prove.ts';
import { scenarios } from './scenarios.ts';

prove(scenarios.tasks, [1200, Number.POSITIVE_INFINITY], cancelEverywhere);
