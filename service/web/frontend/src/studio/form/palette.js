// What can be added to a form: the kinds of fields the server checks fully, and what several places ask alike.
import { make, t } from '../../shell/common.js';
import { freeName } from './tree.js';

const say = (words) => t(words.zh, words.en);
const STEMS = { dynamiclist: 'rows', datetime: 'date', textfield: 'text', textarea: 'text', expression: 'computed', upload: 'files' };
const KEYED = new Set(['textfield', 'textarea', 'number', 'datetime', 'upload', 'radio', 'select', 'checklist', 'taglist', 'checkbox', 'expression']);

const UNNAMED = new RegExp(`^(${[...new Set([...Object.values(STEMS), ...KEYED])].join('|')})_\\d+$`);

/** Whether a field still has the name it was added with. */
export const isUnnamed = (key) => UNNAMED.test(key ?? '');

/** A new component of a kind, with an id and a field name that nothing in the form has. */
function fresh(kind, schema) {
  const name = freeName(schema, STEMS[kind.type] ?? kind.type);
  const key = KEYED.has(kind.type) ? { key: name } : kind.type === 'dynamiclist' ? { path: name } : {};
  return { type: kind.type, id: `field_${name}`, ...key, ...structuredClone(kind.new) };
}

/** Open the palette in `dialog`; `add(component)` is called with what was chosen. */
export function palette(dialog, about, schema, add) {
  const choose = (component) => { dialog.close(); add(component); };
  const groups = Object.entries(about.palette.groups).map(([name, words]) => {
    const kinds = about.palette.kinds.filter((kind) => kind.group === name);
    return section(say(words), kinds.map((kind) => [say(kind.label), () => choose(fresh(kind, schema))]));
  });
  const patterns = Object.entries(about.patterns).filter(([name]) => about.piecePatterns.includes(name));
  if (patterns.length) groups.push(section(t('几个地方共用的范本', 'What several places share'), patterns.map(([name, slots]) => [about.patternNames[name], () => choose({ from_pattern: name, ...Object.fromEntries(slots.map((slot) => [slot, null])) })])));
  const close = make('button', { type: 'button', className: 'btn', textContent: t('不添加', 'Add nothing') });
  close.addEventListener('click', () => dialog.close());
  dialog.replaceChildren(make('h2', { textContent: t('添加到表单', 'Add to the form') }), ...groups, close);
  dialog.showModal();
}

function section(title, choices) {
  const box = make('section', { className: 'palette-group' }, make('h3', { textContent: title }));
  for (const [words, run] of choices) {
    const button = make('button', { type: 'button', className: 'btn btn-small', textContent: words });
    button.addEventListener('click', run);
    box.append(button);
  }
  return box;
}
