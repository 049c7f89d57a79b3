import { cancelEverywhere } from './interleave.ts';
import { prove } from './prove.ts';
import { scenarios } from './scenarios.ts';

prove(scenarios.eager, [400, Number.POSITIVE_INFINITY], cancelEverywhere);
