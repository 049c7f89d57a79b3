import { cancelEverywhere } from './interleave.ts';
import { prove } from './prove.ts';
import { scenarios } from './scenarios.ts';

prove(scenarios.limits, [1800, Number.POSITIVE_INFINITY], cancelEverywhere);
