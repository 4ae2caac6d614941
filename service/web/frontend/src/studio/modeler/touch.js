// Fingers on the drawing: one moves it, two make it larger or smaller; a tap chooses, as a click does.
const STILL = 8;

/** Listen in `box`, where `modeler` draws. */
export function touch(box, modeler) {
  const canvas = modeler.get('canvas');
  const fingers = new Map();
  let moved = false;
  const at = ({ clientX: x, clientY: y }) => ({ x, y });
  const busy = () => Boolean(modeler.get('dragging', false)?.context());

  box.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'touch' || !event.target.closest('svg') || event.target.closest('.djs-minimap')) return;
    if (!fingers.size) moved = false;
    fingers.set(event.pointerId, at(event));
  });
  box.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before || busy()) return;
    const now = at(event);
    if (!moved && Math.hypot(now.x - before.x, now.y - before.y) < STILL) return;
    moved = true;
    if (fingers.size === 1) canvas.scroll({ dx: now.x - before.x, dy: now.y - before.y });
    else spread(before, now, event.pointerId);
    fingers.set(event.pointerId, now);
  });
  for (const over of ['pointerup', 'pointercancel']) box.addEventListener(over, (event) => fingers.delete(event.pointerId));

  function spread(before, now, id) {
    const [, other] = [...fingers].find(([one]) => one !== id);
    const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    const room = box.getBoundingClientRect();
    const middle = { x: (now.x + other.x) / 2 - room.left, y: (now.y + other.y) / 2 - room.top };
    canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * (apart(now) / apart(before)))), middle);
  }
}
