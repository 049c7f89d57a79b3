// The picture under a finger, a pen or a mouse: a click goes to the step that is there, a drag moves along, two fingers and the
// wheel zoom, and a drag on the axis runs through the run.
import { partitionPoint } from '../observe/partition-point.ts';
import type { Row } from './lane-rows.ts';
import type { Lanes } from './lanes.ts';
import type { View } from './view.ts';

/** Less than that is a click. */
const DRAG = 6;

export function pointAt(lanes: Lanes, view: View): void {
  const { picture, ticks } = lanes;
  const down = new Map<number, { x: number; y: number }>();
  let moved = false;

  picture.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    down.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    moved = down.size > 1;
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.offsetX, y: event.offsetY };
    if (!moved && Math.hypot(now.x - before.x, now.y - before.y) < DRAG) return;
    moved = true;
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) lanes.pan(before.x - now.x);
    else {
      const factor = Math.max(Math.abs(now.x - other.x), 20) / Math.max(Math.abs(before.x - other.x), 20);
      lanes.zoom(factor, lanes.axis.valueAt((now.x + other.x) / 2, lanes.width));
    }
    down.set(event.pointerId, now);
  });
  picture.addEventListener('pointerup', (event) => {
    if (!down.delete(event.pointerId) || moved) return;
    const row = lanes.rowAt(event.offsetY);
    if (row !== undefined) goTo(view, lanes, row, lanes.axis.valueAt(event.offsetX + 3, lanes.width));
  });
  picture.addEventListener('pointercancel', (event) => void down.delete(event.pointerId));
  picture.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey || event.metaKey) lanes.zoom(Math.exp(-event.deltaY / 200), lanes.axis.valueAt(event.offsetX, lanes.width));
      else if (event.shiftKey) lanes.pan(event.deltaY || event.deltaX);
      else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) lanes.pan(event.deltaX);
      else return; // Which scrolls.
      event.preventDefault();
    },
    { passive: false },
  );

  const scrub = (event: PointerEvent): void => {
    if (event.buttons !== 0) view.player.go(lastEventAt(view, lanes, lanes.axis.valueAt(event.offsetX, lanes.width)));
  };
  ticks.addEventListener('pointerdown', (event) => {
    ticks.setPointerCapture(event.pointerId);
    scrub(event);
  });
  ticks.addEventListener('pointermove', scrub);
}

/** To the last step of that row that had begun by then, or to its first. */
function goTo(view: View, lanes: Lanes, row: Row, value: number): void {
  if (row.kind !== 'task') {
    view.player.go(lastEventAt(view, lanes, value));
    return;
  }
  const steps = row.lane.spans.filter(({ state }) => state === 'running');
  const step = steps.findLast((span) => lanes.axis.beginningOf(span) <= value) ?? steps[0];
  if (step !== undefined) view.player.go(step.first);
  view.choose(row.lane.task);
}

/** The number of the last event up to there. */
function lastEventAt({ story }: View, lanes: Lanes, value: number): number {
  const { dropped, events } = story.log;
  return dropped + partitionPoint(events.length, (place) => lanes.axis.valueOf(dropped + place + 1) <= value);
}
