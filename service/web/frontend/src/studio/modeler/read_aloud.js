// What a screen reader is told: what each shape of the drawing is, and which one is chosen.
import { make, t } from '../../shell/common.js';
import { titleOf } from './panel_common.js';

const named = (element) => [titleOf(element.businessObject), element.businessObject.name].filter(Boolean).join(' ');

/** Name the shapes in `canvas` and say aloud what is chosen. */
export function readAloud(canvas, modeler) {
  const said = make('p', { className: 'only-heard' });
  said.setAttribute('role', 'status');
  canvas.parentElement.append(said);
  const events = modeler.get('eventBus');
  const name = (element) => {
    const drawn = modeler.get('elementRegistry').getGraphics(element);
    if (!drawn || element.labelTarget || !element.parent || !element.businessObject?.$type) return;
    drawn.setAttribute('role', 'img');
    drawn.setAttribute('aria-label', named(element));
  };
  const all = () => modeler.get('elementRegistry').forEach(name);
  events.on('import.done', all);
  events.on(['shape.added', 'connection.added', 'element.changed'], ({ element }) => name(element));
  events.on('selection.changed', ({ newSelection }) => {
    if (newSelection.length !== 1) { said.textContent = newSelection.length ? t(`选中 ${newSelection.length} 个图形`, `${newSelection.length} elements chosen`) : ''; return; }
    const [element] = newSelection;
    const after = (element.outgoing ?? []).map((flow) => flow.target?.businessObject?.name).filter(Boolean);
    said.textContent = t(`选中${named(element)}`, `Chosen: ${named(element)}`) + (after.length ? t(`，之后是${after.join('、')}`, `; then ${after.join(', ')}`) : '');
  });
  all();
}
