// The data of a process as a list: what each value means, its kind, who gives it, an example. Every change is one step
// of undo; what is refused stays typed beside the reason.
import { make, send, t } from '../../shell/common.js';
import { impliedOf, rowsOf, saidOf, usesOf } from './data.js';
import { button, selectField, textField, tickField } from './fields.js';
import { TYPES } from './panel_operation.js';

const KEY = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const MOST = 60;
const opened = new Map();  // by process: the row that stands open
const refused = new Map();  // by process and row: what was typed and why it was not taken
let adding = '';  // what is typed for the next row

/** The list of `at.holder`, a process. */
export function dataList(at) {
  const { holder: process, writer, element } = at;
  const rows = rowsOf(process);
  // What another field wrote since this list was drawn counts too.
  const write = (next) => { const now = rowsOf(process); writer.setProperties(element, process, saidOf(process, now, next(now))); };
  const lines = rows.map((row, number) => line(at, rows, row, number, write));
  const empty = rows.length ? [] : [make('p', { className: 'panel-help', textContent: t('还没有。判断和公式要读的结果，先在这里登记。', 'None yet. Results that conditions and formulas read are listed here first.') })];
  return make('div', { className: 'panel-data' }, ...empty, make('ol', {}, ...lines), writer ? adder(at, rows, write) : '');
}

const called = ({ zh, en, name }) => t(zh || name, en || zh || name);
const typeName = (type) => TYPES[type.split('<')[0]] ?? type;

function line(at, rows, row, number, write) {
  const { holder: process, modeler, choices } = at;
  const key = `${process.id}/${row.name}`;
  const title = row.zh || row.en ? called(row) : impliedOf(row, usesOf(modeler, process, row.name, choices).givers, choices) || row.name;
  const head = make('summary', {}, make('strong', { textContent: title }), make('span', { className: 'mute', textContent: ` · ${typeName(row.type)} ` }), make('span', { className: 'code small mute', textContent: row.name }));
  const box = make('details', { open: opened.get(process.id) === row.name, className: 'data-row' }, head);
  box.dataset.name = row.name;
  const fill = () => {
    box.replaceChildren(head, ...fields(at, rows, row, number, write, key));
    if (!at.writer) for (const control of box.querySelectorAll('input, select')) control.disabled = true;
  };
  if (box.open) fill();
  box.addEventListener('toggle', () => {
    if (box.open && box.childElementCount === 1) fill();
    if (box.open) opened.set(process.id, row.name);
    else if (opened.get(process.id) === row.name) opened.delete(process.id);
  });
  return make('li', {}, box);
}

function fields(at, rows, row, number, write, key) {
  const { holder: process, writer, modeler, choices } = at;
  const { givers, readers } = usesOf(modeler, process, row.name, choices);
  const change = (part) => write((now) => now.map((one) => (one.name === row.name ? { ...one, ...part } : one)));
  const kept = refused.get(key);
  const renamed = (typed) => {
    const reason = whyNot(typed, row, rows, [...givers, ...readers]);
    if (reason) { refused.set(key, { typed, reason }); problem.textContent = reason; return; }
    refused.delete(key);
    problem.textContent = '';
    if (typed === row.name) return;
    opened.set(process.id, typed);
    change({ name: typed });
  };
  const problem = refusal(kept?.reason);
  const types = Object.entries(TYPES).map(([value, label]) => ({ value, label }));
  const move = (by) => write((now) => {
    const at = now.findIndex(({ name }) => name === row.name);
    return now.toSpliced(at, 1).toSpliced(at + by, 0, now[at]);
  });
  return [
    textField(t('含义', 'Meaning'), row.zh, (zh) => change({ zh }), { help: t('公式提示里显示的说法，例：审定结论', 'What the help of formulas calls it'), longest: MOST }),
    textField(t('含义（英文）', 'Meaning (English)'), row.en, (en) => change({ en }), { longest: MOST }),
    selectField(t('种类', 'Kind'), row.type, types, (type) => change({ type }), { empty: null }),
    textField(t('例', 'Example'), row.example, (example) => change({ example }), { help: exampleHelp(row), longest: MOST }),
    people(t('由谁给出', 'Given by'), givers, modeler, t('本图没有哪一步给出它：由上级流程交来', 'No step of this diagram gives it: the caller does')),
    people(t('谁读它', 'Read by'), readers, modeler, t('本图还没有谁读它', 'Nothing in this diagram reads it yet')),
    tickField(t('办完后交回上级流程', 'Handed back to the caller'), row.out, (out) => change({ out })),
    tickField(t('上级流程可以不给', 'A caller may leave it out'), row.spare, (spare) => change({ spare })),
    textField(t('公式里的写法', 'Its key in formulas'), kept?.typed ?? row.name, renamed, { longest: MOST }), problem,
    writer ? make('div', { className: 'cluster' },
      ...(number ? [button('↑', () => move(-1))] : []), ...(number < rows.length - 1 ? [button('↓', () => move(1))] : []),
      button(t('移除', 'Remove'), () => {
        const used = [...givers, ...readers];
        if (used.length) { problem.textContent = t(`“${called(row)}”还在用：${listed(used)}。先改这些地方，再移除。`, `“${called(row)}” is still used: ${listed(used)}. Change these first, then remove it.`); return; }
        write((now) => now.filter(({ name }) => name !== row.name));
      }, 'btn-danger')) : '',
  ];
}

/** Why a row cannot be called `typed`, "" where it can. */
function whyNot(typed, row, rows, used) {
  if (typed === row.name) return '';
  if (used.length) return t(`“${called(row)}”已有图形在用（${listed(used)}），写法不能改；显示的说法请改“含义”。`, `Elements use “${called(row)}” (${listed(used)}), so its key stays; change the meaning instead.`);
  return badKey(typed, rows);
}

function badKey(typed, rows) {
  if (!KEY.test(typed) || typed === 'typename') return t(`“${typed}”不能作公式里的名称：用字母、汉字、数字和下划线，不以数字开头。`, `“${typed}” cannot stand in formulas: use letters, digits and underscores, no digit first.`);
  if (rows.some(({ name }) => name === typed)) return t(`“${typed}”已经有了，请换一个。`, `“${typed}” is taken: choose another.`);
  return '';
}

const listed = (elements) => [...elements].slice(0, 3).map(labelOf).join(t('、', ', ')) + (elements.length > 3 ? t(`等 ${elements.length} 处`, ` and ${elements.length - 3} more`) : '');
const labelOf = ({ businessObject: { name, id, $type, sourceRef, targetRef } }) => t(`“${name || ($type === 'bpmn:SequenceFlow' ? `${sourceRef?.name || sourceRef?.id} → ${targetRef?.name || targetRef?.id}` : id)}”`, `“${name || id}”`);

function people(label, elements, modeler, none) {
  const go = (element) => button(labelOf(element), () => { modeler.get('selection').select(element); modeler.get('canvas').scrollToElement(element); }, 'btn-quiet');
  return make('div', { className: 'panel-field' }, make('span', { className: 'panel-label', textContent: label }), ...(elements.length ? elements.map(go) : [make('p', { className: 'panel-help', textContent: none })]));
}

const exampleHelp = ({ type }) => ({ date: t('如 2027-03-01', 'Such as 2027-03-01'), boolean: t('写“是”或“否”', 'true or false'), number: t('如 5', 'Such as 5') }[type] ?? t('试算公式时用它', 'Formulas are tried with it'));

function refusal(reason = '') {
  const box = make('p', { className: 'panel-refusal', textContent: reason });
  box.setAttribute('role', 'alert');
  return box;
}

/** What adds a row: its meaning is typed, its key made of it. */
function adder(at, rows, write) {
  const { holder: process, urls } = at;
  const control = make('input', { type: 'text', id: 'panel-data-new', maxLength: MOST, value: adding });
  control.addEventListener('input', () => { adding = control.value; });
  const problem = refusal();
  const add = async () => {
    const zh = control.value.trim();
    if (!zh) { problem.textContent = t('先写它的含义，例：审定结论', 'Say what it means first'); control.focus(); return; }
    try {
      const { key } = await send(urls.key(zh, rows.map(({ name }) => name)));
      adding = '';
      opened.set(process.id, key);
      write((now) => [...now, { name: key, type: 'string', zh, en: '', example: '', out: false, spare: false }]);
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  control.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.isComposing) { event.preventDefault(); add(); } });
  return make('div', { className: 'panel-field' }, make('label', { htmlFor: control.id, textContent: t('增加一项：它的含义', 'Add one: what it means') }), make('div', { className: 'panel-data-new' }, control, button(t('增加', 'Add'), add)), problem);
}
