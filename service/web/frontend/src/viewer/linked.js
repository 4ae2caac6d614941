// Diagrams beside each other that move and zoom together.
const groups = new Map();
const NEAR = 0.5;

/** Let a diagram without what another one begins at begin at the same place. */
function beginAlike(scrolls) {
  const begun = scrolls.find((one) => one.scrollLeft);
  for (const one of scrolls) if (begun && !one.scrollLeft) one.scrollLeft = begun.scrollLeft;
}

/** Link the diagram in `box` with the others of its data-linked. */
export function linked(box, viewer) {
  const name = box.dataset.linked;
  if (!name) return;
  const group = groups.get(name) ?? [];
  groups.set(name, [...group, viewer]);
  beginAlike([...group, viewer].map((one) => one.get('canvas').getContainer().closest('.diagram-scroll')));
  viewer.on('canvas.viewbox.changed', ({ viewbox }) => {
    const { x, y, width, height } = viewbox;
    for (const other of groups.get(name)) {
      const canvas = other.get('canvas');
      const now = canvas.viewbox();
      const same = [[now.x, x], [now.y, y], [now.width, width]].every(([one, two]) => Math.abs(one - two) < NEAR);
      if (other !== viewer && !same) canvas.viewbox({ x, y, width, height });
    }
  });
}
