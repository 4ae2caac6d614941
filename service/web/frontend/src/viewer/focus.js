// One element chosen from the start: brought into sight, large enough to read, with its section shown.
const NEAR = 0.9;

/** Centre on element `id` and choose it; an id that is not drawn changes nothing. */
export function focus(viewer, id, choose) {
  const shape = viewer.get('elementRegistry').get(id);
  if (!shape) return;
  const canvas = viewer.get('canvas');
  const points = shape.waypoints ?? [{ x: shape.x, y: shape.y }, { x: shape.x + shape.width, y: shape.y + shape.height }];
  const middle = { x: (points[0].x + points.at(-1).x) / 2, y: (points[0].y + points.at(-1).y) / 2 };
  const room = canvas.getSize();
  const scale = Math.max(NEAR, canvas.zoom());
  const width = room.width / scale;
  const height = room.height / scale;
  canvas.viewbox({ x: middle.x - width / 2, y: middle.y - height / 2, width, height });
  canvas.addMarker(id, 'is-focus');
  choose(id);
  // Where the box is wider than what shows of it, its middle is where to look.
  const box = canvas.getContainer().closest('.diagram');
  const scroll = box?.parentElement;
  if (scroll) scroll.scrollLeft = (box.clientWidth - scroll.clientWidth) / 2;
}
