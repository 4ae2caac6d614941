// The entries of the property sheet: one function for each way of entering a setting. Each calls `change(value)`; undefined
// takes the setting away.
import { make, t } from '../../shell/common.js';
import { clauseLink } from '../draft/clause_link.js';
import { feelField } from '../feel/field.js';

const MEGABYTE = 1024 * 1024;
let count = 0;

const say = (words) => t(words.zh, words.en);
const filled = (text) => (text === '' ? undefined : text);

function labelled(setting, control, hint = say(setting.help)) {
  control.id ||= `setting-${(count += 1)}`;
  const label = make('label', { htmlFor: control.id, textContent: say(setting.label) });
  return make('div', { className: 'setting' }, label, control, ...(hint ? [make('p', { className: 'hint', textContent: hint })] : []));
}

function line(setting, value, change, properties = {}) {
  const input = make('input', { type: 'text', value: value ?? '', ...properties });
  input.addEventListener('input', () => change(filled(input.value)));
  return labelled(setting, input);
}

function number(setting, value, change, { as = Number, step = 'any', shown = value } = {}) {
  if (typeof value === 'string' && value.startsWith('=')) return line(setting, value, change);
  const input = make('input', { type: 'number', step, value: shown ?? '' });
  input.addEventListener('input', () => { if (input.value === '' || Number.isFinite(input.valueAsNumber)) change(input.value === '' ? undefined : as(input.valueAsNumber)); });
  return labelled(setting, input);
}

function flag(setting, value, change, on) {
  const input = make('input', { type: 'checkbox', checked: value === true || value === 'true', id: `setting-${(count += 1)}` });
  input.addEventListener('change', () => change(input.checked ? on : setting.off ?? undefined));
  const hint = say(setting.help);
  return make('div', { className: 'setting setting-flag' }, make('label', {}, input, ` ${say(setting.label)}`), ...(hint ? [make('p', { className: 'hint', textContent: hint })] : []));
}

function choice(setting, value, change) {
  const select = make('select', {}, make('option', { value: '', textContent: t('（不设）', '(none)') }), ...setting.choices.map(([one, words]) => make('option', { value: one, textContent: say(words), selected: one === value })));
  if (value && !setting.choices.some(([one]) => one === value)) select.append(make('option', { value, textContent: value, selected: true }));
  select.addEventListener('change', () => change(filled(select.value)));
  return labelled(setting, select);
}

function formula(setting, value, change, lead, place) {
  const box = make('div', { className: 'setting' }, make('span', { className: 'setting-name', textContent: say(setting.label) }));
  const bare = String(value ?? '').replace(/^=/, '');
  feelField({ parent: box, value: bare, label: say(setting.label), wordsUrl: place?.words, checkUrl: place?.check, onChange: (text) => change(text.trim() ? lead + text : undefined) });
  const hint = say(setting.help);
  if (hint) box.append(make('p', { className: 'hint', textContent: hint }));
  return box;
}

/** A list of rows of text inputs; `fields` are [key, heading]. */
function rows(setting, value, change, fields, fresh) {
  const kept = (Array.isArray(value) ? value : []).map((one) => ({ ...one }));
  const body = make('tbody');
  const tell = () => change(kept.length ? kept.map((one) => ({ ...one })) : undefined);
  const draw = () => body.replaceChildren(...kept.map((one, index) => {
    const cells = fields.map(([key, heading]) => {
      const input = make('input', { type: 'text', value: one[key] ?? '', ariaLabel: `${heading} ${index + 1}` });
      input.addEventListener('input', () => { if (input.value || key !== 'label_en') one[key] = input.value; else delete one[key]; tell(); });
      return make('td', {}, input);
    });
    const act = (words, title, run, off) => {
      const button = make('button', { type: 'button', className: 'btn btn-small', textContent: words, title, ariaLabel: `${title} ${index + 1}`, disabled: off });
      button.addEventListener('click', () => { run(); draw(); tell(); });
      return button;
    };
    return make('tr', {}, ...cells, make('td', { className: 'row-acts' },
      act('↑', t('上移', 'Up'), () => kept.splice(index - 1, 0, ...kept.splice(index, 1)), index === 0),
      act('×', t('删除', 'Remove'), () => kept.splice(index, 1), false)));
  }));
  const add = make('button', { type: 'button', className: 'btn btn-small', textContent: t('添加一项', 'Add one') });
  add.addEventListener('click', () => { kept.push(fresh(kept)); draw(); tell(); body.lastElementChild.querySelector('input').select(); });
  draw();
  const head = make('thead', {}, make('tr', {}, ...fields.map(([, heading]) => make('th', { scope: 'col', textContent: heading })), make('th', { scope: 'col', textContent: t('操作', 'Acts') })));
  return make('div', { className: 'setting' }, make('span', { className: 'setting-name', textContent: say(setting.label) }), make('table', { className: 'setting-rows' }, head, body), add);
}

const free = (kept, key, stem) => { for (let n = kept.length + 1; ; n += 1) if (!kept.some((one) => one[key] === `${stem}_${n}`)) return `${stem}_${n}`; };
const options = (setting, value, change) => rows(setting, value, change, [['label', t('显示', 'Shown')], ['value', t('值', 'Value')], ['label_en', t('英文', 'English')]], (kept) => ({ label: t('新选项', 'New option'), value: free(kept, 'value', 'option') }));

/** Clauses: those that are cited, each to be taken away, and a search in the register. */
function clauses(setting, value, change, place) {
  const cited = String(value ?? '').split(/[,，、\s]+/).filter(Boolean);
  const known = new Map(place.clauses.map((one) => [one.id, one]));
  const chosen = make('ul', { className: 'cited' });
  const found = make('ul', { className: 'clause-found' });
  const search = make('input', { type: 'search', placeholder: t('条号或文字，如 十一、公示', 'article or words') });
  const tell = () => { change(cited.length ? cited.join(',') : undefined); draw(); };
  const draw = () => chosen.replaceChildren(...cited.map((id, index) => {
    const clause = known.get(id);
    const slot = id.startsWith('${');
    const away = make('button', { type: 'button', className: 'btn btn-small', textContent: '×', ariaLabel: t(`取消引用 ${id}`, `No longer cite ${id}`) });
    away.addEventListener('click', () => { cited.splice(index, 1); tell(); });
    return make('li', { className: clause || slot ? '' : 'faulty' }, clause ? clauseLink(id, clause.article, { title: clause.summary }) : make('span', { textContent: slot ? t(`空位 ${id} `, `slot ${id} `) : t(`${id}（登记中没有）`, `${id} (not in the register)`) }), ...(clause ? [' ', make('small', { textContent: `${id} ${clause.summary}` }), ' '] : []), away);
  }));
  const look = () => {
    const words = search.value.trim();
    const hits = words ? place.clauses.filter((one) => !cited.includes(one.id) && `${one.id}${one.article}${one.summary}`.includes(words)).slice(0, 8) : [];
    found.replaceChildren(...hits.map((one) => {
      const take = make('button', { type: 'button', className: 'clause-hit' }, make('strong', { textContent: one.article }), ` ${one.summary} `, make('small', { textContent: one.id }));
      take.addEventListener('click', () => { cited.push(one.id); search.value = ''; look(); tell(); search.focus(); });
      return make('li', {}, take);
    }));
    if (words && !hits.length) found.replaceChildren(make('li', { className: 'mute', textContent: t('登记中没有相符的条款', 'No clause has these words') }));
  };
  search.addEventListener('input', look);
  search.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.isComposing) { event.preventDefault(); found.querySelector('button')?.click(); } });
  draw();
  const box = labelled(setting, search);
  box.querySelector('label').after(chosen);
  search.after(found);
  return box;
}

/** Rules: pairs of a condition and what is said where it is false, kept as rule, rule_2, rule_3 … among the properties. */
export function rules(component, change, place) {
  const held = Object.keys(component.properties ?? {}).filter((key) => /^rule(_\d+)?$/.test(key)).sort((a, b) => (Number(a.slice(5)) || 1) - (Number(b.slice(5)) || 1));
  const box = make('div', { className: 'setting' });
  held.forEach((key, index) => {
    const said = key.replace('rule', 'ruleMessage');
    const named = (zh, en) => ({ label: { zh: `${zh} ${index + 1}`, en: `${en} ${index + 1}` }, help: { zh: '', en: '' } });
    const away = make('button', { type: 'button', className: 'btn btn-small', textContent: t(`删除规则 ${index + 1}`, `Remove rule ${index + 1}`) });
    away.addEventListener('click', () => { for (const one of [key, said, `${said}_en`]) change(one, undefined); change(null); });
    box.append(
      formula(named('条件', 'Condition'), component.properties[key], (text) => change(key, text ?? ''), '', place),
      line(named('不成立时的提示', 'Said when false'), component.properties[said], (text) => change(said, text ?? '')),
      line(named('英文提示', 'The same in English'), component.properties[`${said}_en`], (text) => change(`${said}_en`, text)), away,
    );
  });
  const add = make('button', { type: 'button', className: 'btn btn-small', textContent: t('添加规则', 'Add a rule') });
  add.addEventListener('click', () => {
    let number = held.length + 1;
    while (held.includes(`rule_${number}`)) number += 1;
    const key = held.includes('rule') ? `rule_${number}` : 'rule';
    change(key, 'true');
    change(key.replace('rule', 'ruleMessage'), t('请核对所填内容。', 'Please check what you entered.'));
    change(null);
  });
  box.append(add);
  return box;
}

/** The entry of a setting with its present value. */
export function entry(setting, value, change, place) {
  const make_ = {
    text: () => line(setting, value, change),
    name: () => line(setting, value, change, { spellcheck: false, className: 'mono' }),
    long: () => {
      const area = make('textarea', { rows: 2, value: value ?? '' });
      area.addEventListener('input', () => change(filled(area.value)));
      return labelled(setting, area);
    },
    flag: () => flag(setting, value, change, true),
    text_flag: () => flag(setting, value, change, 'true'),
    whole: () => number(setting, value, change, { step: 1, as: Math.trunc }),
    text_whole: () => number(setting, value, change, { step: 1, as: (n) => String(Math.trunc(n)) }),
    number: () => number(setting, value, change),
    size: () => number(setting, value, change, { as: (n) => String(Math.round(n * MEGABYTE)), shown: value ? Number(value) / MEGABYTE : '' }),
    formula: () => formula(setting, value, change, '=', place),
    plain_formula: () => formula(setting, value, change, '', place),
    choice: () => choice(setting, value, change),
    options: () => options(setting, value, change),
    clauses: () => clauses(setting, value, change, place),
  }[setting.entry];
  return make_();
}
