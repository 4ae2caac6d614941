// The panel beside the canvas: what the chosen element says, in the words of the procedure.
import { make, t } from '../../shell/common.js';
import { focusIn } from '../draft/focus.js';
import { Writer } from './extensions.js';
import { activityParts } from './panel_activity.js';
import { commonParts, idPart, titleOf } from './panel_common.js';
import { eventParts } from './panel_event.js';
import { flowParts, gatewayParts } from './panel_flow.js';
import { onwardPart, placePart } from './panel_onward.js';
import { laneParts, processParts } from './panel_process.js';

/**
 * Keep `box` showing the element chosen in `modeler`; `choices` are what the package offers, `urls` where to ask. Where
 * nothing may be changed it is read only, links and looks at forms remain.
 */
export function panel(box, modeler, choices, urls, editable = true) {
  const writer = editable ? new Writer(modeler) : null;
  const selection = modeler.get('selection');
  let shown = null;
  let drawing = false;
  const draw = () => {
    const element = chosen(modeler, selection);
    if (drawing || (element === shown && box.contains(document.activeElement?.closest?.('.cm-editor')))) return;
    drawing = true;
    takeIn(box);
    const again = element === shown;
    const place = again ? focusIn(box) : null;
    const scrolled = again ? box.scrollTop : 0;
    shown = element;
    box.replaceChildren(...partsOf({ modeler, writer, choices, urls, element, editable, box }));
    if (!editable) shut(box);
    box.scrollTop = scrolled;
    if (place) place();
    drawing = false;
  };
  const events = modeler.get('eventBus');
  events.on(['selection.changed', 'import.done'], draw);
  events.on('commandStack.changed', settled(box, modeler.get('canvas').getContainer(), draw));
  // A formula that is being typed is not taken away from under the hands; the rest follows when it is left.
  box.addEventListener('focusout', (event) => { if (event.target.closest?.('.cm-editor')) setTimeout(draw); });
  // What is half typed elsewhere counts before what is chosen now.
  box.addEventListener('change', () => takeIn(box), true);
  draw();
  return { draw };
}

/**
 * `draw`, but not while a field of `box` is being taken up: leaving the name written on the canvas, or another field, by
 * a press or by Tab, is a change as well, and a panel drawn anew at that moment would lose the field that is gone to.
 */
function settled(box, canvas, draw) {
  let moving = false;
  let missed = false;
  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(draw);
  };
  const end = () => {
    moving = false;
    if (missed) soon();
    missed = false;
  };
  box.addEventListener('pointerdown', () => { moving = true; }, true);
  for (const over of ['pointerup', 'pointercancel', 'change', 'keydown']) document.addEventListener(over, end, true);
  canvas.addEventListener('focusout', () => {
    if (moving) return;
    moving = true;
    setTimeout(end);
  }, true);
  return () => { if (moving) missed = true; else soon(); };
}

/** Let what is half typed in the fields of `box` count now. */
export function takeIn(box) {
  for (const control of box.querySelectorAll('input, textarea, .panel-formula')) control.flush?.();
}

/** Leave what `box` shows to be read. */
function shut(box) {
  for (const control of box.querySelectorAll('input, select, textarea, button')) control.disabled = true;
}

/** The element the panel is about: the chosen one, its owner for a label, the process where nothing is chosen. */
function chosen(modeler, selection) {
  const picked = selection.get();
  if (picked.length > 1) return picked;
  const element = picked[0] ?? modeler.get('canvas').getRootElement();
  return element?.labelTarget ?? element;
}

function partsOf(place) {
  const { element } = place;
  if (!element?.businessObject && !Array.isArray(element)) return [];
  if (Array.isArray(element)) return [make('p', { className: 'panel-help', textContent: t(`选中了 ${element.length} 个图形：可以移动、复制、删除；逐个选中才能填写。`, `${element.length} elements chosen: move, copy or delete them; choose one to fill it in.`) })];
  const holder = element.businessObject;
  const head = make('h2', { className: 'panel-title', textContent: titleOf(holder) });
  return [head, ...specific({ ...place, holder })];
}

/** What the panel of every node ends with. */
const ending = (place) => [onwardPart(place), idPart(place)].filter(Boolean);

function specific(place) {
  const { holder } = place;
  const is = (type) => holder.$instanceOf(type);
  if (is('bpmn:Collaboration') || is('bpmn:Participant') || is('bpmn:Process')) return [...processParts(place), placePart(place)].filter(Boolean);
  if (is('bpmn:Lane')) return laneParts(place);
  if (is('bpmn:SequenceFlow')) return flowParts(place);
  if (is('bpmn:Gateway')) return [...commonParts(place), ...gatewayParts(place), ...ending(place)];
  if (is('bpmn:Event')) return [...commonParts(place), ...eventParts(place), ...ending(place)];
  if (is('bpmn:Activity')) return [...commonParts(place), ...activityParts(place), ...ending(place)];
  return is('bpmn:TextAnnotation') ? [make('p', { className: 'panel-help', textContent: t('注释只给人看，双击图上文字修改。', 'A remark for readers; double-click it to change the text.') })] : [];
}
