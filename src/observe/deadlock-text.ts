// Deadlocks in words: who awaits what, where, and who holds it, on one line.
import { formatPlace } from '../loop/await-stack.ts';
import { GatheringFuture, Task } from '../loop/index.ts';
import { AwaitPoints } from './await-points.ts';
import { endsByError, type Notes, needOf } from './needs.ts';
import { shownName, shownText } from './shown-text.ts';
import { isLine, type Line } from './wait-notes.ts';

type AnyTask = Task<unknown>;

/** `Task-1 awaits Lock-1 at src/app.ts:12, held by Task-2, which awaits Task-1 at src/app.ts:20`. */
export function describeCircle(circle: readonly AnyTask[], notes: Notes, isStuck: (task: AnyTask) => boolean): string {
  const points = new AwaitPoints();
  const ends = new Set(['a cancellation']);
  const told = circle.reduce((before, task, index) => {
    const next = circle[index + 1] ?? (circle[0] as AnyTask);
    const whose = index === 0 ? shownName(task) : before.endsWith(OF_SEVERAL) ? ` ${shownName(task)}` : ', which';
    const need = needOf(task, notes);
    if (isLine(need)) ends.add('somebody else giving it back');
    else if (need !== undefined && 'needs' in need && endsByError(need, isStuck)) ends.add('an error of another that is awaited');
    return `${before}${whose} awaits ${describeWait(task, next, index < circle.length - 1, notes, points)}`;
  }, '');
  const [cancellation, ...others] = ends;
  const last = others.pop();
  return `${told}; only ${[cancellation, ...others].join(', ')}${last === undefined ? '' : `, or ${last},`} can end this`;
}

/** Nobody is left to give back what it awaits, as far as is known. */
export function describeOrphan(task: AnyTask, line: Line, notes: Notes): string {
  const [holder] = line.holders.keys();
  return `${shownName(task)} awaits ${describeWait(task, holder as AnyTask, false, notes, new AwaitPoints())}; nobody else is known to give it back`;
}

const OF_SEVERAL = ', of whom';

/** What a task awaits, where, and who holds it, first `next`; where that one is told of then, so that it can be. */
function describeWait(task: AnyTask, next: AnyTask, goesOn: boolean, notes: Notes, points: AwaitPoints): string {
  const note = notes.noteOf(task);
  const { frames, call } = points.of(task);
  const frame = frames.at(-1);
  const at = frame === undefined ? '' : ` at ${formatPlace(frame.file, frame.line)}`;
  const line = note?.on;
  if (isLine(line) && line.holders.size > 0) {
    const others = [...line.holders.keys()].filter((holder) => holder !== next);
    const holders = [next === task ? 'itself' : describeHolder(next), ...others.map(describeHolder)];
    const shown = holders.length > 3 ? [...holders.slice(0, 2), `${holders.length - 2} more`] : holders;
    return `${shownText(line.kind)}-${line.number}${at}, held by ${listed(shown)}${goesOn && others.length > 0 ? OF_SEVERAL : ''}`;
  }
  if (note?.awaited instanceof Task) return `${shownName(note.awaited)}${at}`;
  return `${call ?? (note?.awaited instanceof GatheringFuture ? 'gather' : 'shield')}${at}, and so ${shownName(next)}`;
}

function describeHolder(holder: AnyTask): string {
  return holder.done() ? `${shownName(holder)}, which has ended without giving it back` : shownName(holder);
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
