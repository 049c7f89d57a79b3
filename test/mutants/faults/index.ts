// Every fault, in the order of the rules.
import type { Mutant } from '../mutant.ts';
import { combinators } from './combinators.ts';
import { futures } from './futures.ts';
import { iteration } from './iteration.ts';
import { node } from './node.ts';
import { recursion } from './recursion.ts';
import { synchronisation } from './synchronisation.ts';
import { tasks } from './tasks.ts';

export const mutants: readonly Mutant[] = [...iteration, ...futures, ...tasks, ...combinators, ...synchronisation, ...node, ...recursion];
