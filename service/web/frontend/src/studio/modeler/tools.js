// The buttons above the canvas: back and forth, size, search, tidy up, print.
import { make, send, t } from '../../shell/common.js';
import { showWhole } from './create.js';
import { button } from './fields.js';
import { bringToSight } from './problems.js';
import { askTidying } from './ask_tidying.js';
import { changesOf, drawingOf } from './redraw.js';
import { tab } from '../../shell/remembered.js';

/** Fill the row of buttons; returns what lays the diagram out anew. */
export function toolbar(row, place) {
  const { modeler, editable, pages, path } = place;
  const zoom = modeler.get('zoomScroll');
  const print = (format, label) => make('a', { className: 'btn btn-small', href: `${pages}/diagrams/print?${new URLSearchParams({ path, format })}`, textContent: label });
  const changing = editable ? changers(place) : { buttons: [], again: null };
  row.append(
    ...changing.buttons, finder(modeler), whole(modeler),
    button(t('放大', 'Larger'), () => zoom.stepZoom(1)), button(t('缩小', 'Smaller'), () => zoom.stepZoom(-1)), button(t('看全图', 'Whole diagram'), () => showWhole(modeler)), button(t('缩略图', 'Minimap'), () => modeler.get('minimap').toggle()),
    print('pdf', 'PDF'), print('png', 'PNG'), print('svg', 'SVG'), print('bpmn', 'BPMN'),
  );
  return changing.again;
}

function changers(place) {
  const { modeler } = place;
  const stack = modeler.get('commandStack');
  const back = button(t('撤销', 'Undo'), () => stack.undo());
  const forth = button(t('重做', 'Redo'), () => stack.redo());
  const tidy = button(t('整理版面', 'Tidy up'), () => again());
  const again = () => tidyUp(tidy, place);
  const state = () => { back.disabled = !stack.canUndo(); forth.disabled = !stack.canRedo(); };
  modeler.on(['commandStack.changed', 'import.done'], state);
  state();
  const paste = () => modeler.get('copyPaste').paste();
  return { again, buttons: [back, forth, tidy, button(t('复制', 'Copy'), () => copy(modeler)), button(t('粘贴', 'Paste'), paste)] };
}

/** The drawing over the whole window, or with the places of the site above it. */
function whole(modeler) {
  const control = button(t('占满窗口', 'Fill the window'), () => show(!document.body.classList.contains('is-whole')));
  const show = (on) => {
    document.body.classList.toggle('is-whole', on);
    control.setAttribute('aria-pressed', String(on));
    tab.set('laurel-whole', on ? 'yes' : '');
    modeler.get('canvas').resized();
  };
  show(tab.get('laurel-whole') === 'yes');
  return control;
}

function copy(modeler) {
  const chosen = modeler.get('selection').get();
  if (chosen.length) modeler.get('copyPaste').copy(chosen);
}

async function tidyUp(control, { modeler, api, path, notice }) {
  const label = control.textContent;
  control.disabled = true;
  control.textContent = t('正在整理…', 'Tidying up…');
  control.setAttribute('aria-busy', 'true');
  try {
    const { xml } = await modeler.saveXML();
    const answer = await send(`${api}/diagram/tidy`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ path, xml }) });
    const drawing = await drawingOf(modeler.get('moddle'), answer.xml);
    const changes = changesOf(drawing, modeler.get('elementRegistry'));
    if (!changes.moved && !changes.bent && !changes.lanes.length) { notice(t('版面已经整齐，没有要动的。', 'Nothing to tidy up.')); return; }
    if (!await askTidying(changes)) return;
    modeler.get('commandStack').execute('laurel.redraw', { drawing });
    showWhole(modeler);
    notice(t('已整理版面，只动了图上的位置和泳道。不要的话按“撤销”。', 'Tidied up: only places and lanes in the drawing changed. “Undo” takes it back.'));
  } catch (error) {
    notice(t(`没有整理：${error.message}`, `Not tidied up: ${error.message}`), 'late');
  } finally {
    control.disabled = false;
    control.textContent = label;
    control.removeAttribute('aria-busy');
  }
}

/** A search over the names and ids of this diagram. */
function finder(modeler) {
  const search = make('input', { type: 'search', className: 'modeler-find', placeholder: t('在图中查找', 'Find in this diagram'), autocomplete: 'off' });
  search.setAttribute('aria-label', search.placeholder);
  search.setAttribute('list', 'modeler-found');
  const found = make('datalist', { id: 'modeler-found' });
  const matching = (text) => modeler.get('elementRegistry').filter((element) => element.parent && !element.labelTarget && [element.businessObject?.name, element.id].some((word) => word?.toLowerCase().includes(text.toLowerCase())));
  search.addEventListener('input', () => {
    const hits = search.value.trim() ? matching(search.value.trim()) : [];
    found.replaceChildren(...hits.slice(0, 20).map((element) => make('option', { value: element.businessObject.name || element.id })));
  });
  const go = () => { const [first] = search.value.trim() ? matching(search.value.trim()) : []; if (first) bringToSight(modeler, first); };
  search.addEventListener('change', go);
  search.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.isComposing) go(); });
  return make('span', {}, search, found);
}
