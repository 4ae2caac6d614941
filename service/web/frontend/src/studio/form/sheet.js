// The property sheet: the settings of the chosen component by section, who uses it, and what a pattern was handed.
import { make, t } from '../../shell/common.js';
import { entry, rules } from './entries.js';
import { at, drawn, valuePath, walk } from './tree.js';
import { nameOf } from './outline.js';
import { read, write } from './values.js';

const say = (words) => t(words.zh, words.en);
const MANY = 12;
const LABELS = new Set(['label', 'dateLabel']);
const SLOTS = { label: '标签', label_en: '英文标签', title: '名称', title_en: '英文名称', help: '说明', help_en: '英文说明', text: '文字', text_en: '英文文字', id: '编号', key: '字段名', rule: '核对规则', rule_message: '规则提示', message: '提示', message_en: '英文提示', clauses: '依据条款', hide: '隐藏条件', required: '必填', form_title: '表单名称', form: '整个表单的依据条款' };

/** The kind of what a slot fills in, by the end of its name. */
const slotKind = (slot) => Object.keys(SLOTS).filter((one) => slot === one || slot.endsWith(`_${one}`)).sort((a, b) => b.length - a.length)[0];

/** What a slot of a pattern is called: the part whose words it fills in, and what of it. */
function slotName(slot, pattern, made, about) {
  const key = about.slotPlaces[pattern]?.[slot];
  const part = [made].flat().flatMap((one) => [one, ...[...walk(one)].map(({ component }) => component)]).find((one) => key && [one?.key, one?.path, one?.id].includes(key));
  const whole = !part || part === made || part.type === 'default';
  const of = whole ? (slot.startsWith('form') || part ? t('整个表单', 'The form') : '') : part.type === 'text' ? t('一段文字', 'A text') : nameOf(part, [], {});
  const kind = slotKind(slot);
  const what = kind ? t(SLOTS[kind], slot) : t('内容', slot);
  return of && slot !== 'form' ? `${of}${t('：', ': ')}${what}` : what;
}

/** Draw the sheet of what is chosen into `parent`; `about` is what the server says of the form, `act` does what is asked. */
export function sheet(parent, state, about, act) {
  const component = at(state.schema, state.chosen);
  const kind = about.palette.kinds.find((one) => one.type === component?.type);
  const head = make('h2', { textContent: nameOf(component, state.chosen, state.made) });
  if (typeof component === 'string') {
    parent.replaceChildren(head, make('p', { className: 'mute', textContent: t('范本的空位，由采用它的表单填入。', 'A slot of the pattern, filled by the forms that take it.') }));
  } else if (component.from_pattern) parent.replaceChildren(head, ...patterned(component, state, about, act));
  else {
    const sections = state.chosen.length ? kind?.sections : about.palette.form;
    const type = state.chosen.length ? (kind ? say(kind.label) : component.type) : t('整个表单', 'The form as a whole');
    parent.replaceChildren(head, make('p', { className: 'mute', textContent: type }), ...(sections ? drawnSections(component, sections, about, { ...act, readers: state.chosen.length ? readersOf(state, about) : [] }) : [unknown(component)]));
  }
  parent.append(...users(state, about));
}

function drawnSections(component, sections, about, act) {
  return Object.entries(about.palette.sections).filter(([name]) => sections[name]?.length).map(([name, words]) => {
    const box = make('fieldset', { className: 'sheet-section' }, make('legend', { textContent: say(words) }));
    box.append(...sections[name].map((setting) => one(component, setting, about, act)));
    return box;
  });
}

function one(component, setting, about, act) {
  if (setting.entry === 'rules') {
    return rules(component, (key, value) => (key === null ? act.redraw() : act.change((now) => write(now, `properties.${key}`, value), `properties.${key}`)), about);
  }
  const box = entry(setting, read(component, setting.place), (value) => act.change((now) => write(now, setting.place, value), setting.place), about);
  if (LABELS.has(setting.place)) box.querySelector('input')?.addEventListener('change', ({ target }) => act.named(target.value.trim()));
  return setting.entry === 'name' ? keyed(box, act.readers) : box;
}

/** The entry of a field's name: what others read is not called otherwise behind their back. */
function keyed(box, readers) {
  box.dataset.keyed = 'yes';
  if (!readers.length) return box;
  box.querySelector('input').readOnly = true;
  box.querySelector('.hint')?.remove();
  box.append(make('p', { className: 'hint', textContent: t(`有 ${readers.length} 处按这个名称读取它（列在下面），所以不能改；显示的文字请改“标签”`, `${readers.length} places below read it by this name, so it stays; change the label instead`) }));
  return box;
}

function unknown(component) {
  return make('p', { className: 'note note-soon', textContent: t(`“${component.type}”这种组件服务器不能完整核对，不能使用；请删除，换成左侧列出的组件。`, `The server cannot check “${component.type}” fully: remove it and use one of those offered.`) });
}

/** What a pattern was handed, as fields, and the way to have its content here as one's own. */
function patterned(component, state, about, act) {
  const name = component.from_pattern;
  const slots = about.patterns[name] ?? Object.keys(component).filter((key) => key !== 'from_pattern');
  const made = drawn(component, state.chosen, state.made);
  const own = make('button', { type: 'button', className: 'btn', textContent: t('改成本地自己的内容…', 'Make it this place’s own…') });
  own.disabled = made === component;
  own.addEventListener('click', () => act.writeOut());
  const called = (slot) => slotName(slot, name, made, about);
  const box = make('fieldset', { className: 'sheet-section' }, make('legend', { textContent: t('本地填入的内容', 'What this place fills in') }));
  for (const slot of slots) {
    const value = component[slot];
    if (value !== null && typeof value === 'object') box.append(make('p', { className: 'hint', textContent: t(`${called(slot)}：见左侧列表或写成自己的内容后修改`, `${called(slot)}: see the list, or make it your own to change it`) }));
    else {
      const setting = slot === 'clauses' || slot.endsWith('_clauses') || about.clauseSlots.includes(slot)
        ? { place: slot, entry: 'clauses', label: { zh: ['clauses', 'form'].includes(slotKind(slot)) ? called(slot) : `${called(slot)}：依据条款`, en: `Clauses (${slot})` }, help: { zh: '', en: '' } }
        : { place: slot, entry: 'text', label: { zh: called(slot), en: called(slot) }, help: { zh: '不填表示没有这一项', en: 'empty: there is none' } };
      box.append(entry(setting, value ?? '', (text) => act.change((now) => { now[slot] = text ?? null; }, slot), about));
    }
  }
  return [
    make('p', { className: 'note note-info', textContent: t(`这一部分由范本“${about.patternNames[name] ?? name}”生成，几个地方共用；这里只填写各地不同的内容。`, `This part is made from the pattern “${about.patternNames[name] ?? name}”, which several places share; only what differs is filled in here.`) }),
    box, own,
  ];
}

/** The parts of the form itself whose conditions, formulas and rules name the field. */
function within(state, path) {
  const word = new RegExp(`(?<![\\p{L}\\p{N}_])${path.split('.').at(-1)}(?![\\p{L}\\p{N}_])`, 'u');
  const formulas = (one) => [one.conditional?.hide, one.expression, one.valuesExpression, one.properties?.requiredIf,
    ...Object.values(one.validate ?? {}).filter((value) => String(value).startsWith('=')),
    ...Object.entries(one.properties ?? {}).filter(([key]) => /^rule(_\d+)?$/.test(key)).map(([, value]) => value)];
  return [{ place: [], component: state.schema }, ...walk(state.schema)]
    .filter(({ component, place }) => String(place) !== String(state.chosen) && typeof component === 'object')
    .flatMap(({ component, place }) => formulas(component).filter((text) => typeof text === 'string' && word.test(text))
      .map((text) => ({ name: nameOf(component, place, state.made), what: { zh: '（本表单）读取它', en: '(this form) reads it' }, text })));
}

/** Everything that reads the chosen field: other pieces of the package, and other parts of the form. */
export function readersOf(state, about) {
  const path = state.chosen.length ? valuePath(state.schema, state.chosen, state.made) : '';
  if (!path) return [];
  const touches = (read_) => read_ === path || read_.startsWith(`${path}.`) || (read_ !== '' && path.startsWith(`${read_}.`));
  return [...about.readers.filter((one) => touches(one.path)), ...within(state, path)];
}

/** Who uses the chosen field, or the form. */
function users(state, about) {
  const path = state.chosen.length ? valuePath(state.schema, state.chosen, state.made) : '';
  if (state.chosen.length && !path) return [];
  const found = path ? readersOf(state, about) : about.users;
  const title = path ? t(`读取这一项的地方（${found.length}）`, `Who reads this field (${found.length})`) : t(`使用这个表单的地方（${found.length}）`, `Where the form is used (${found.length})`);
  const items = found.slice(0, MANY).map((user) => make('li', {}, user.href ? make('a', { href: user.href, textContent: user.name }) : user.name, ` ${say(user.what)} `, make('code', { textContent: user.text.slice(0, 90) })));
  if (found.length > MANY) items.push(make('li', { className: 'mute', textContent: t(`还有 ${found.length - MANY} 处`, `${found.length - MANY} more`) }));
  const none = make('p', { className: 'mute', textContent: path ? t('没有规则、流程图或文书读取它，只作记录。', 'No rule, diagram or document reads it.') : t('还没有地方使用它。', 'Nothing uses it yet.') });
  return [make('section', { className: 'sheet-users' }, make('h3', { textContent: title }), items.length ? make('ul', {}, ...items) : none)];
}
