// The catalogue: small programs of two to four tasks, each with the rules that hold however they are cancelled and in whatever
// order their steps come.
import type { Scenario } from './play.ts';
import { barriers } from './scenarios/barriers.ts';
import { conditions } from './scenarios/conditions.ts';
import { eager } from './scenarios/eager.ts';
import { groups } from './scenarios/groups.ts';
import { iterating } from './scenarios/iterating.ts';
import { limits } from './scenarios/limits.ts';
import { locks } from './scenarios/locks.ts';
import { queues } from './scenarios/queues.ts';
import { tasks } from './scenarios/tasks.ts';
import { waiting } from './scenarios/waiting.ts';

type Topic = 'locks' | 'conditions' | 'queues' | 'tasks' | 'waiting' | 'limits' | 'groups' | 'iterating' | 'eager';

export const scenarios: Readonly<Record<Topic, readonly Scenario[]>> = {
  locks,
  conditions: [...conditions, ...barriers],
  queues,
  tasks,
  waiting,
  limits,
  groups,
  iterating,
  eager,
};
