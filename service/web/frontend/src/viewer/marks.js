// What the state says about an element, as words on it; colour only repeats them.
import { make, t } from '../shell/common.js';
import { middleOf } from './middle.js';
import { bringIntoSight } from './sight.js';

const WORDS = {
  done: () => t('✓ 已办', '✓ done'),
  active: () => t('● 在办', '● open'),
  incident: () => t('! 异常', '! incident'),
};

function badge(id, { state, count, text, sign }, name, choose) {
  const said = [count, text ?? WORDS[state]?.()].filter((part) => part !== undefined).join(' ');
  const button = make('button', { type: 'button', className: `badge badge-${state ?? 'count'}`, textContent: sign ?? said, title: sign ? said : '' });
  button.setAttribute('aria-label', `${name}：${said}`);
  button.addEventListener('click', () => choose(id));
  return button;
}

/** Put markers and badges on the elements of the state; `choose` is called with the id of a clicked badge. */
export function mark(viewer, elements, choose) {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');
  for (const [id, about] of Object.entries(elements)) {
    const shape = registry.get(id);
    if (!shape) continue; // the state may speak of an older version
    if (about.state) canvas.addMarker(id, `is-${about.state}`);
    if (about.heat) canvas.addMarker(id, `heat-${about.heat}`);
    if (['bpmn:Participant', 'bpmn:Lane'].includes(shape.type) || (shape.children?.length && !shape.collapsed)) canvas.addMarker(id, 'is-frame');
    if (about.sign && shape.waypoints) continue; // the line itself says it
    if (about.state === 'waiting' || (about.state === undefined && about.count === undefined)) continue;
    const html = badge(id, about, shape.businessObject.name || id, choose);
    const at = shape.waypoints && middleOf(shape.waypoints);
    const position = at ? { left: at.x - 16, top: at.y - 11 } : { top: -13, right: 40 };
    overlays.add(id, 'state', { position, html, show: { minZoom: 0.25 } });
  }
  // Where heat is asked for, all of the diagram is: it begins at its beginning.
  if (!Object.values(elements).some((one) => one.heat)) bringIntoSight(viewer, elements);
}
