// Where the middle of a line lies, and which way the line runs there.

/** The place half way along a line, measured from the top left corner of the box around it, as overlays count. */
export function middleOf(points) {
  const parts = points.slice(1).map((to, n) => ({ from: points[n], to, long: Math.hypot(to.x - points[n].x, to.y - points[n].y) }));
  let left = parts.reduce((sum, part) => sum + part.long, 0) / 2;
  const part = parts.find(({ long }) => (left -= long) <= 0) ?? parts.at(-1);
  const share = part.long ? (part.long + left) / part.long : 0;
  const at = (axis) => part.from[axis] + (part.to[axis] - part.from[axis]) * share - Math.min(...points.map((one) => one[axis]));
  return { x: at('x'), y: at('y'), upright: Math.abs(part.to.y - part.from.y) > Math.abs(part.to.x - part.from.x) };
}
