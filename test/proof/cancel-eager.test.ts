import { cancelEverywhere } from './interleave.ts';
import { prove } from './prove.ts';
import { scenarios } from './scenarios.ts';

prove(scenarios.eager, [500, Number.POSITIVE_INFINITY], cancelEverywhere);
