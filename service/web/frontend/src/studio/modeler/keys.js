// Going through a diagram by keys: from element to element along the way, and into the panel.
import { unfold } from './fields.js';
import { bringToSight } from './problems.js';

const FIELDS = 'input, select, textarea, button, summary';
const TYPING = 'input, textarea, select, [contenteditable="true"], .cm-editor';

/** Listen on `page`: Alt+→ and Alt+← choose along the way, Alt+P goes into `panel`, Alt+N to what comes next there. */
export function keys(page, modeler, panel) {
  const canvas = page.querySelector('[data-part="canvas"]');
  page.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') shut(event);
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.code === 'KeyP' || event.code === 'KeyN') {
      event.preventDefault();
      (event.code === 'KeyN' ? opened(panel) : panel.querySelector(FIELDS))?.focus();
      return;
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.target.closest?.(TYPING)) return;
    event.preventDefault();
    event.stopPropagation();
    const next = neighbour(modeler, step);
    if (!next) return;
    bringToSight(modeler, next);
    canvas.querySelector('svg')?.focus();
  }, true);
}

/** The first list of what comes next, unfolded; none where nothing may be drawn. */
function opened(panel) {
  const part = panel.querySelector('[data-section="onward"]');
  if (part) unfold(part);
  return part?.querySelector('select');
}

/** Close the list of keys and give the focus back to what opened it. */
function shut(event) {
  const list = event.target.closest?.('.modeler-keys[open]');
  if (!list) return;
  list.open = false;
  list.querySelector('summary').focus();
}

/** The nodes in the order in which they are reached from the starts, by the drawing where that does not decide. */
function inOrder(modeler) {
  const nodes = modeler.get('elementRegistry').filter((one) => one.parent && !one.labelTarget && !one.waypoints && one.businessObject.$instanceOf?.('bpmn:FlowNode'));
  const drawn = [...nodes].sort((one, other) => one.x - other.x || one.y - other.y);
  const seen = new Set();
  const visit = (node) => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const flow of node.outgoing ?? []) if (flow.target) visit(flow.target);
  };
  drawn.filter((node) => !(node.incoming ?? []).length).forEach(visit);
  drawn.forEach(visit);
  return [...seen].filter((node) => nodes.includes(node));
}

function neighbour(modeler, step) {
  const all = inOrder(modeler);
  const at = all.indexOf(modeler.get('selection', false)?.get()[0]);
  return at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[at + step];
}
