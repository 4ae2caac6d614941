// The list of a form's parts: choose one, move it by buttons, keys or mouse.
import { make, t } from '../../shell/common.js';
import { at, drawn, pointer, walk } from './tree.js';

const SHORT = 40;

let settings = {};

/** Take up what the page shows for `setting.x` and `param.x`: {name: {zh, en}}. */
export function knowSettings(known) { settings = known; }

/** A text with the words of the settings it names in place of their names, as the page shows it. */
const filled = (text) => text.replace(/\{\{\s*(setting|param)(?:_en)?\.(\w+)\s*\}\}/g, (whole, kind, name) => {
  const words = settings[`${kind}.${name}`];
  return words ? t(words.zh, words.en) : t('（本地没有的设置）', '(a setting this place has not)');
});

/** How a component is called in the list. */
export function nameOf(component, place, made) {
  if (typeof component === 'string') return t(`空位 ${component}`, `Slot ${component}`);
  const shown = drawn(component, place, made);
  const text = shown.label || shown.dateLabel || shown.timeLabel || shown.text || shown.properties?.title || shown.key || shown.path || shown.from_pattern || shown.type;
  return filled(String(text)).replace(/\s+/g, ' ').slice(0, SHORT);
}

/** The list in `parent`; `state` has schema, chosen, made and faulty; `act` does what is asked. */
export function outline(parent, state, kinds, act) {
  const list = make('ol', { className: 'form-outline' });
  list.setAttribute('aria-label', t('表单的组成', 'Parts of the form'));
  parent.replaceChildren(list);

  function row({ place, depth, component }) {
    const shown = drawn(component, place, state.made);
    const button = make('button', { type: 'button', className: 'form-row' }, make('span', { className: 'form-row-name', textContent: nameOf(component, place, state.made) }), make('span', { className: 'form-row-marks' }, ...marks(component, shown)));
    const here = pointer(place);
    button.dataset.place = here;
    button.style.paddingInlineStart = `${0.6 + depth * 1.1}rem`;
    if (here === pointer(state.chosen)) button.setAttribute('aria-current', 'true');
    if (shown?.id && shown.id === state.faulty) button.classList.add('faulty');
    button.addEventListener('click', () => act.choose(place));
    button.draggable = place.length > 0;
    button.addEventListener('dragstart', (event) => { event.dataTransfer.setData('text/laurel-place', JSON.stringify(place)); event.dataTransfer.effectAllowed = 'move'; });
    button.addEventListener('dragover', (event) => { event.preventDefault(); button.classList.add('drop'); });
    button.addEventListener('dragleave', () => button.classList.remove('drop'));
    button.addEventListener('drop', (event) => {
      event.preventDefault();
      button.classList.remove('drop');
      const from = event.dataTransfer.getData('text/laurel-place');
      if (from && place.length) act.moveTo(JSON.parse(from), place);
    });
    return make('li', {}, button);
  }

  function marks(component, shown) {
    const tags = [];
    const tag = (words, tone = '') => tags.push(make('span', { className: `tag ${tone}`, textContent: words }));
    if (component.from_pattern) tag(t('范本', 'pattern'), 'tag-quiet');
    else if (component === state.schema) tag(t('表单', 'form'), 'tag-quiet');
    else if (typeof component !== 'string') tag(kinds.get(component.type) ?? component.type, 'tag-quiet');
    if (shown?.validate?.required) tag(t('必填', 'required'), 'tag-must');
    if (shown?.properties?.personal === 'true') tag(t('个人', 'personal'));
    if (shown?.properties?.secret) tag(t('秘密', 'secret'));
    return tags;
  }

  const root = { place: [], depth: 0, component: state.schema };
  list.append(row(root), ...[...walk(state.schema)].map((one) => row({ ...one, depth: one.depth + 1 })));

  list.addEventListener('keydown', (event) => {
    const rows = [...list.querySelectorAll('.form-row')];
    const here = rows.indexOf(document.activeElement);
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      act.move(event.key === 'ArrowUp' ? -1 : 1);
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      rows[here + (event.key === 'ArrowUp' ? -1 : 1)]?.click();
    } else if (event.key === 'Delete' && at(state.schema, state.chosen) !== state.schema) act.remove();
  });
}
