import { cancelEverywhere } from './interleave.ts';
import { prove } from './prove.ts';
import { scenarios } from './scenarios.ts';

prove(scenarios.locks, [1200, Number.POSITIVE_INFINITY], cancelEverywhere);
