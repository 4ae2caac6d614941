// Drawing without a mouse: what comes next is added, attached or joined by lists in the panel, and the first elements are placed.
import { make, t } from '../../shell/common.js';
import { button, section, selectField } from './fields.js';
import { titleOf } from './panel_common.js';

const GAP = 40;
const AT_BORDER = 36;

/** What comes after the chosen node: the next element, an event on its border, a flow to another one. */
export function onwardPart(place) {
  const { modeler, element, editable } = place;
  if (!editable) return null;
  const only = modeler.get('onlyRunnable');
  const added = only.after(element).map(({ name, title }) => ({ value: name, label: title }));
  const attached = only.onto(element).map(({ name, title }) => ({ value: name, label: title }));
  const joined = reachable(modeler, element).map((other) => ({ value: other.id, label: nameOf(other) }));
  const parts = [
    chosenThen(t('添加', 'Add'), added, t('添加', 'Add'), (name) => arrive(place, modeler.get('autoPlace').append(element, only.make(name)))),
    chosenThen(t('附在这个任务上', 'Attach to this task'), attached, t('附上', 'Attach'), (name) => arrive(place, attach(modeler, element, only.make(name)))),
    chosenThen(t('连到已有的图形', 'Join to an element'), joined, t('连线', 'Draw the flow'), (id) => arrive(place, modeler.get('modeling').connect(element, modeler.get('elementRegistry').get(id)))),
  ].filter(Boolean);
  return parts.length ? section(t('接下来（不用鼠标）', 'What comes next (without a mouse)'), parts, { open: false, key: 'onward' }) : null;
}

/** Where nothing is chosen: an element that stands by itself. */
export function placePart(place) {
  const { modeler, editable } = place;
  if (!editable) return null;
  const only = modeler.get('onlyRunnable');
  const pieces = only.pieces().map(({ name, title }) => ({ value: name, label: title }));
  return section(t('放置图形（不用鼠标）', 'Place an element (without a mouse)'), [chosenThen(t('放置', 'Place'), pieces, t('放到图上', 'Place it'), (name) => arrive(place, put(modeler, only.make(name))))], { open: false, key: 'onward' });
}

/** A list and a button that does `act` with what is chosen in it; nothing where there is nothing to choose. */
function chosenThen(label, options, word, act) {
  if (!options.length) return null;
  const list = selectField(label, '', options, () => {});
  const control = list.querySelector('select');
  return make('div', {}, list, button(word, () => { if (control.value) act(control.value); else control.focus(); }));
}

/** Show what was drawn and go into its first field. */
function arrive({ modeler, box }, drawn) {
  modeler.get('selection').select(drawn);
  modeler.get('canvas').scrollToElement(drawn, 120);
  box.querySelector('input, select, textarea')?.focus();
}

const nameOf = ({ businessObject }) => [titleOf(businessObject), businessObject.name || businessObject.id].join(' ');

/** The nodes to which a flow may be drawn from `element` and none is yet, nearest first. */
function reachable(modeler, element) {
  const rules = modeler.get('bpmnRules');
  const joined = new Set((element.outgoing ?? []).map(({ target }) => target));
  const near = (other) => Math.hypot(other.x - element.x, other.y - element.y);
  return modeler.get('elementRegistry')
    .filter((other) => other !== element && other.parent && !other.labelTarget && !joined.has(other) && rules.canConnectSequenceFlow(element, other))
    .sort((one, other) => near(one) - near(other));
}

/** Put an event on the lower border of `host`, beside those that stand there. */
function attach(modeler, host, event) {
  const others = (host.attachers ?? []).length;
  return modeler.get('modeling').createShape(event, { x: host.x + host.width - AT_BORDER / 2 - others * GAP, y: host.y + host.height }, host, { attach: true });
}

/** Put `shape` where the canvas is being looked at, on the next free place to the right. */
function put(modeler, shape) {
  const canvas = modeler.get('canvas');
  const registry = modeler.get('elementRegistry');
  const pool = registry.find(({ type }) => type === 'bpmn:Participant') ?? canvas.getRootElement();
  const seen = canvas.viewbox();
  const at = { x: seen.x + seen.width / 2, y: seen.y + seen.height / 2 };
  if (pool.width) {
    at.x = Math.min(Math.max(at.x, pool.x + shape.width + GAP), pool.x + pool.width - shape.width);
    at.y = Math.min(Math.max(at.y, pool.y + shape.height / 2 + GAP / 2), pool.y + pool.height - shape.height / 2 - GAP / 2);
  }
  const nodes = registry.filter((one) => one.parent && !one.waypoints && !one.labelTarget && one.businessObject.$instanceOf?.('bpmn:FlowNode'));
  const covers = (one) => Math.abs(one.x + one.width / 2 - at.x) < (one.width + shape.width) / 2 + GAP / 2 && Math.abs(one.y + one.height / 2 - at.y) < (one.height + shape.height) / 2 + GAP / 2;
  for (let hit = nodes.find(covers); hit; hit = nodes.find(covers)) at.x = hit.x + hit.width + shape.width / 2 + GAP;
  return modeler.get('modeling').createShape(shape, at, pool);
}
