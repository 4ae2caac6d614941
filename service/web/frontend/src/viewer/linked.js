// Diagrams beside each other that move and zoom together.
const groups = new Map();
const NEAR = 0.5;
const CLOSE = 0.001;

/** Let a diagram without what another one begins at begin at the same place. */
function beginAlike(scrolls) {
  const begun = scrolls.find((one) => one.scrollLeft);
  for (const one of scrolls) if (begun && !one.scrollLeft) one.scrollLeft = begun.scrollLeft;
}

const scrollOf = (viewer) => viewer.get('canvas').getContainer().closest('.diagram-scroll');

/** The diagrams, each with its box, that move with the one in `box`, itself among them. */
export function together(box, viewer) {
  return (groups.get(box.dataset.linked) ?? [viewer]).map((one) => [scrollOf(one).firstElementChild, one.get('canvas')]);
}

/** Link the diagram in `box` with the others of its data-linked until `signal`. */
export function linked(box, viewer, signal) {
  const name = box.dataset.linked;
  if (!name) return;
  groups.set(name, [...(groups.get(name) ?? []), viewer]);
  signal.addEventListener('abort', () => groups.set(name, groups.get(name).filter((one) => one !== viewer)));
  beginAlike(groups.get(name).map(scrollOf));
  viewer.on('canvas.viewbox.changed', ({ viewbox }) => {
    const { x, y, scale } = viewbox;
    for (const other of groups.get(name)) {
      const canvas = other.get('canvas');
      const now = canvas.viewbox();
      const same = Math.abs(now.x - x) < NEAR && Math.abs(now.y - y) < NEAR && Math.abs(now.scale - scale) < CLOSE;
      // Boxes of unlike size show unlike parts, at one scale.
      if (other !== viewer && !same) canvas.viewbox({ x, y, width: now.outer.width / scale, height: now.outer.height / scale });
    }
  });
}
