// A wide diagram scrolls sideways: begin where the cases stand, not at the far left.
const WEIGHT = { incident: 1000, active: 1 };

/** Scroll the box of the diagram so that what matters most of the state is in its middle. */
export function bringIntoSight(viewer, elements) {
  const canvas = viewer.get('canvas');
  const scroll = canvas.getContainer().closest('.diagram-scroll');
  const registry = viewer.get('elementRegistry');
  const chosen = Object.keys(elements).find((id) => elements[id].chosen && registry.get(id));
  if (chosen) {
    canvas.addMarker(chosen, 'is-focus');
    canvas.getGraphics(chosen).scrollIntoView({ block: 'center' });
  }
  if (!scroll || (scroll.scrollWidth <= scroll.clientWidth && scroll.scrollHeight <= scroll.clientHeight)) return;
  const weighty = Object.entries(elements)
    .filter(([id, about]) => (about.look || WEIGHT[about.state]) && registry.get(id))
    .map(([id, about]) => ({ shape: registry.get(id), weight: about.look ? Infinity : WEIGHT[about.state] * (about.count ?? 1) }))
    .sort((one, other) => other.weight - one.weight)[0];
  if (!weighty) return;
  const { x, y, scale } = canvas.viewbox();
  const { waypoints } = weighty.shape;
  const centre = (axis, size) => (waypoints ? (waypoints[0][axis] + waypoints.at(-1)[axis]) / 2 : weighty.shape[axis] + weighty.shape[size] / 2);
  scroll.scrollLeft = (centre('x', 'width') - x) * scale - scroll.clientWidth / 2;
  scroll.scrollTop = (centre('y', 'height') - y) * scale - scroll.clientHeight / 2;
}
