// The cell, row or column at hand, edited below the table where there is room.
import { make, t } from '../../shell/common.js';
import { clauseLink } from '../draft/clause_link.js';
import { feelField } from '../feel/field.js';
import { clausesOf, quoted, textOf } from './cells.js';

const TYPES = [['string', t('文字', 'text')], ['number', t('数字', 'number')], ['boolean', t('是或否', 'true or false')], ['date', t('日期', 'date')], ['Any', t('任意', 'anything')]];
const say = (both) => t(both.zh, both.en);
let count = 0;

export class Panel {
  /** `opened` is the table as the server described it, `urls(row, column)` the addresses of words and checks. */
  constructor(parent, { model, opened, editable, urls, back, remove }) {
    Object.assign(this, { model, opened, editable, urls, back, remove });
    this.box = make('section', { className: 'cell-panel', hidden: true });
    this.box.setAttribute('aria-label', t('编辑', 'Edit'));
    this.box.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !event.defaultPrevented) { this.close(); this.back(); } });
    parent.append(this.box);
  }

  close() {
    this.field?.destroy();
    this.field = null;
    this.at = null;
    this.box.hidden = true;
    this.model.pause();
  }

  /** Open what stands at `place`; `enter` moves the focus there. */
  open(place) {
    this.close();
    this.at = place;
    const { row, column } = place;
    const body = make('div', { className: 'cell-body' });
    this.box.replaceChildren(this.#heading(place), body);
    this.box.hidden = false;
    if (row < 0 && column < 0) this.#table(body);
    else if (row < 0) this.#column(body, this.model.columns[column]);
    else if (column < 0) this.#row(body, row);
    else this.#cell(body, row, this.model.columns[column]);
    if (place.enter) (this.field ?? body.querySelector('input, select, textarea, button'))?.focus();
  }

  #heading({ row, column }) {
    const item = this.model.columns[column];
    const line = this.model.sheet.rows[row];
    const words = row < 0
      ? (item ? t(`列“${item.column.label}”`, `Column “${item.column.label}”`) : t('整张表', 'The table'))
      : [t(`第 ${row + 1} 行`, `Row ${row + 1}`), line.description || line.id, item?.column.label].filter(Boolean).join(' · ');
    const done = make('button', { type: 'button', className: 'btn btn-small', textContent: t('回到表格', 'Back to the table') });
    done.addEventListener('click', () => { this.close(); this.back(); });
    return make('div', { className: 'cell-head' }, make('h2', { textContent: words }), done);
  }

  #cell(body, row, { column, part, place }) {
    const text = this.model.sheet.rows[row][part][place];
    const change = (next) => this.model.setCell(row, part, place, next);
    if (part === 'inputs') body.append(make('p', { className: 'mute small', textContent: t(`条件所看的值：${column.expression}`, `The value that is looked at: ${column.expression}`) }));
    const choices = this.opened.choices[column.name];
    if (part === 'outputs' && column.name === 'clauses' && clausesOf(text)) this.#clauses(body, clausesOf(text), choices ?? [], change);
    else if (part === 'outputs' && choices && (textOf(text) !== null || text === 'null' || !text)) this.#choice(body, textOf(text) ?? '', choices, change, column.label);
    else if (part === 'outputs' && textOf(text) !== null) this.#plain(body, textOf(text), change, column.label, () => this.#formula(body, row, column, part, text, change));
    else this.#formula(body, row, column, part, text, change);
  }

  #formula(body, row, column, part, text, change) {
    const tests = part === 'inputs';
    const { words, check } = this.urls(this.model.sheet.rows[row]?.id ?? '', tests ? 'condition' : 'cell');
    this.field = feelField({
      parent: body, value: text, onChange: change, wordsUrl: words, checkUrl: check, kind: tests ? 'tests' : 'expression', label: column.label, readOnly: !this.editable,
      options: () => ({ input: tests ? column.expression : '' }),
    });
    if (tests) body.append(make('p', { className: 'mute small', textContent: t('写 > 5、[3..9)、"是","否"、not(null) 这样的条件；- 为任意值', 'Write conditions such as > 5, [3..9), "yes","no", not(null); - is anything') }));
  }

  #plain(body, text, change, label, formula) {
    const id = `cell-text-${(count += 1)}`;
    const area = make('textarea', { id, value: text, rows: 3, maxLength: 5000, readOnly: !this.editable });
    area.addEventListener('input', () => change(quoted(area.value)));
    const name = make('label', { textContent: label });
    name.htmlFor = id;
    const more = make('button', { type: 'button', className: 'btn btn-small', textContent: t('改用公式', 'Use a formula') });
    more.addEventListener('click', () => { [name, area, more].forEach((part) => part.remove()); formula(); this.field.focus(); });
    body.append(name, area);
    if (this.editable) body.append(more);
  }

  #choice(body, value, choices, change, label) {
    const list = make('select', { disabled: !this.editable });
    list.setAttribute('aria-label', label);
    list.append(new Option(t('（空）', '(none)'), ''), ...choices.map((one) => new Option(`${say(one.label)}（${one.value}）`, one.value)));
    if (value && !choices.some((one) => one.value === value)) list.append(new Option(value, value));
    list.value = value;
    list.addEventListener('change', () => change(list.value ? quoted(list.value) : 'null'));
    body.append(list);
  }

  #clauses(body, cited, choices, change) {
    const known = new Map(choices.map((one) => [one.value, say(one.label)]));
    const list = make('ul', { className: 'plain cell-clauses' });
    const draw = () => {
      list.replaceChildren(...cited.map((clause) => {
        const gone = make('button', { type: 'button', className: 'btn btn-small', textContent: t('移除', 'Remove'), ariaLabel: t(`移除 ${clause}`, `Remove ${clause}`) });
        gone.addEventListener('click', () => { cited = cited.filter((one) => one !== clause); change(quoted(cited.join(' '))); draw(); });
        return make('li', {}, known.has(clause) ? clauseLink(clause, clause, { className: 'sheet-clause' }) : make('span', { className: 'sheet-clause', textContent: clause }), ' ', known.get(clause) ?? t('条款登记中没有这一条', 'The register has no such clause'), ' ', ...(this.editable ? [gone] : []));
      }));
    };
    draw();
    body.append(list);
    if (!this.editable) return;
    const id = `clauses-${(count += 1)}`;
    const input = make('input', { placeholder: t('输入条款编号或条文中的词', 'An id of a clause, or words of it') });
    input.setAttribute('list', id);
    input.setAttribute('aria-label', t('添加条款', 'Add a clause'));
    const offered = make('datalist', { id }, ...choices.map((one) => new Option(say(one.label), one.value)));
    const add = make('button', { type: 'button', className: 'btn btn-small', textContent: t('添加', 'Add') });
    const take = () => {
      const wanted = input.value.trim();
      if (!known.has(wanted) || cited.includes(wanted)) { input.setCustomValidity(t('请选择登记中的条款', 'Choose a clause of the register')); input.reportValidity(); return; }
      cited = [...cited, wanted];
      change(quoted(cited.join(' ')));
      input.value = '';
      draw();
    };
    input.addEventListener('input', () => input.setCustomValidity(''));
    input.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.isComposing) { event.preventDefault(); take(); } });
    add.addEventListener('click', take);
    body.append(make('div', { className: 'cluster' }, input, offered, add));
  }

  #row(body, row) {
    const line = this.model.sheet.rows[row];
    const uses = this.opened.uses[line.was] ?? [];
    body.append(
      this.#input(t('说明', 'Description'), line.description, (text) => this.model.setRow(row, 'description', text), 2000),
      this.#input(t('编号（其他文件凭它引用这一行）', 'Id (other files name the row by it)'), line.id, (text) => this.model.setRow(row, 'id', text.trim()), 120, '[A-Za-z_][A-Za-z0-9_.\\-]*'),
    );
    if (uses.length) body.append(make('p', { className: 'note note-info', textContent: t(`${uses.length} 个文件引用这一行：${names(uses, this.opened.called)}`, `${uses.length} files name this row: ${names(uses, this.opened.called)}`) }));
    if (!this.editable) return;
    const last = this.model.sheet.rows.length - 1;
    body.append(this.#verbs([
      [t('在下方添加一行', 'Add a row below'), () => this.model.addRow(row + 1)],
      [t('复制这一行', 'Copy this row'), () => this.model.addRow(row + 1, line)],
      [t('上移', 'Move up'), () => this.#moved(row, row - 1), row === 0],
      [t('下移', 'Move down'), () => this.#moved(row, row + 1), row === last],
      [t('删除这一行', 'Delete this row'), () => this.remove(row, uses)],
    ]));
  }

  #moved(from, to) {
    this.model.moveRow(from, to);
    this.open({ row: to, column: -1 });
  }

  #column(body, { column, part, place }) {
    const set = (key) => (text) => this.model.setColumn(part, place, key, text);
    body.append(this.#input(t('列名', 'Heading'), column.label, set('label'), 200));
    if (part === 'outputs') body.append(this.#input(t('变量名', 'Name of the value'), column.name, (text) => set('name')(text.trim()), 200));
    body.append(this.#types(column.type, set('type')));
    if (part === 'inputs') {
      const { words, check } = this.urls('', 'input');
      const holder = make('div', {}, make('p', { textContent: t('条件所看的值', 'The value that is looked at') }));
      body.append(holder);
      this.field = feelField({ parent: holder, value: column.expression, onChange: set('expression'), wordsUrl: words, checkUrl: check, label: t('条件所看的值', 'The value that is looked at'), options: this.options, readOnly: !this.editable });
    }
    if (!this.editable) return;
    const last = this.model.sheet[part].length - 1;
    body.append(this.#verbs([
      [t('在右侧添加一列', 'Add a column to the right'), () => this.#wider(part, place + 1)],
      [t('左移', 'Move left'), () => this.model.moveColumn(part, place, place - 1), place === 0],
      [t('右移', 'Move right'), () => this.model.moveColumn(part, place, place + 1), place === last],
      [t('删除这一列', 'Delete this column'), () => { this.close(); this.model.removeColumn(part, place); }, part === 'outputs' && last === 0],
    ]));
  }

  #wider(part, at) {
    const label = part === 'inputs' ? t('新条件', 'New condition') : t('新结果', 'New result');
    const taken = this.model.sheet.outputs.map((column) => column.name);
    let number = 1;
    while (taken.includes(`result_${number}`)) number += 1;
    this.model.addColumn(part, at, { id: '', label, type: 'string', expression: part === 'inputs' ? 'null' : '', name: part === 'inputs' ? '' : `result_${number}` });
  }

  #table(body) {
    const { sheet } = this.model;
    const policies = [
      ['UNIQUE', t('只许一行符合（UNIQUE）', 'One row only (UNIQUE)')], ['ANY', t('可有几行符合，但结果须相同（ANY）', 'Several with the same result (ANY)')],
      ['FIRST', t('取最先符合的一行（FIRST）', 'The first row (FIRST)')], ['PRIORITY', t('按结果的次序取最优先的（PRIORITY）', 'The result of highest priority (PRIORITY)')],
      ['COLLECT', t('收集所有符合的行（COLLECT）', 'All rows that match (COLLECT)')], ['RULE ORDER', t('收集，按行的次序（RULE ORDER）', 'All, in the order of the rows (RULE ORDER)')],
      ['OUTPUT ORDER', t('收集，按结果的次序（OUTPUT ORDER）', 'All, in the order of the results (OUTPUT ORDER)')],
    ];
    body.append(
      this.#input(t('表的名称', 'Name of the table'), sheet.name, (text) => { if (text.trim()) this.model.setTable('name', text); }, 200),
      this.#select(t('几行同时符合时', 'Where several rows match'), policies, sheet.hit_policy, (value) => this.model.setTable('hit_policy', value)),
    );
    if (this.editable) body.append(this.#verbs([[t('在最后添加一行', 'Add a row at the end'), () => this.model.addRow(sheet.rows.length)], [t('添加条件列', 'Add a condition'), () => this.#wider('inputs', sheet.inputs.length)], [t('添加结果列', 'Add a result'), () => this.#wider('outputs', sheet.outputs.length)]]));
  }

  #types(value, change) {
    const known = TYPES.some(([type]) => type === value) ? TYPES : [...TYPES, [value, value]];
    return this.#select(t('值的种类', 'Kind of value'), known, value, change);
  }

  #select(label, options, value, change) {
    const list = make('select', { disabled: !this.editable }, ...options.map(([key, words]) => new Option(words, key)));
    list.value = value;
    list.addEventListener('change', () => change(list.value));
    return make('label', { className: 'cell-field' }, make('span', { textContent: label }), list);
  }

  #input(label, value, change, maxLength, pattern) {
    const input = make('input', { value, maxLength, readOnly: !this.editable, ...(pattern ? { pattern } : {}) });
    input.addEventListener('input', () => { if (input.validity.valid) change(input.value); });
    return make('label', { className: 'cell-field' }, make('span', { textContent: label }), input);
  }

  #verbs(verbs) {
    return make('div', { className: 'cluster' }, ...verbs.map(([label, act, disabled = false]) => {
      const button = make('button', { type: 'button', className: 'btn btn-small', textContent: label, disabled });
      button.addEventListener('click', act);
      return button;
    }));
  }
}

/** The first of some files by what they are `called`, in one line. */
export const names = (files, called) => files.slice(0, 5).map((file) => `“${called[file] ?? file.split('/').at(-1)}”`).join(t('、', ', ')) + (files.length > 5 ? '…' : '');
