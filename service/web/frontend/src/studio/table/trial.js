// Try it: the facts that the table reads, changed at will on the sample; and what is wrong with the table.
import { make, send, t } from '../../shell/common.js';
import { factField } from './fact_field.js';

const DELAY = 300;
const say = (both) => t(both.zh, both.en);

export class Trial {
  /** `urls` help with formulas; `found(answer)` is called with every answer; `show(row, column)` goes to a cell. */
  constructor(parent, { api, path, model, urls, found, show }) {
    Object.assign(this, { api, path, model, urls, found, show });
    this.facts = {};
    this.problems = make('div', { className: 'table-problems' });
    this.problems.setAttribute('role', 'status');
    this.record = make('p', { className: 'mute' });
    this.list = make('div', { className: 'facts-list' });
    this.result = make('p', { className: 'table-result' });
    const fold = make('details', { className: 'card trial', open: innerWidth > 900 }, make('summary', { textContent: t('试算：看哪几行符合', 'Try it: see which rows match') }),
      this.record, this.result, this.list);
    parent.append(this.problems, fold);
    this.soon(0);
  }

  /** Try again soon: something changed. */
  soon(delay = DELAY) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#try(), delay);
  }

  /** What checks of single formulas are tried on. */
  options() { return { facts: this.facts }; }

  async #try() {
    const asked = (this.asked = (this.asked ?? 0) + 1);
    const body = JSON.stringify({ path: this.path, table: this.model.sheet, facts: this.facts });
    try {
      const answer = await send(`${this.api}/table/trial`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      if (asked !== this.asked) return;
      this.#draw(answer);
      this.found(answer);
    } catch (problem) {
      if (asked === this.asked) this.#line(this.problems, [{ words: problem.message, tone: 'late' }]);
    }
  }

  #draw(answer) {
    const numbers = new Map(this.model.sheet.rows.map((row, number) => [row.id, number + 1]));
    const columns = new Map(this.model.columns.map((item) => [item.column.id, item.column.label]));
    this.#line(this.problems, answer.faults.map((fault) => ({
      words: [fault.row && t(`第 ${numbers.get(fault.row)} 行`, `Row ${numbers.get(fault.row)}`), fault.column && `“${columns.get(fault.column)}”`, say(fault.message)].filter(Boolean).join(' '),
      tone: fault.severity === 'error' ? 'late' : 'soon', go: fault.row || fault.column ? () => this.show(fault.row, fault.column) : null,
    })));
    this.record.textContent = t(`数据来自${answer.record.zh}。改下面的值，看表怎样变化。`, `The data are ${answer.record.en}. Change the values below.`);
    const lit = answer.rows.filter((row) => row.matched === true).length;
    const open = answer.rows.filter((row) => row.unknown.length);
    const labels = new Map(answer.facts.map((fact) => [fact.path, say(fact.label) || fact.path]));
    const unknown = [...new Set(open.flatMap((row) => row.unknown))].map((path) => labels.get(path) ?? path);
    this.result.textContent = answer.refused ? say(answer.refused) : !answer.rows.length ? (answer.faults.length ? t('先改正标出的格，再试算。', 'Correct the marked cells first.') : '')
      : t(`条件相符的 ${lit} 行，判断不了的 ${open.length} 行。`, `${lit} rows apply, ${open.length} cannot be told.`) + (unknown.length ? t(`缺少的值：${unknown.join('、')}。`, ` Missing: ${unknown.join(', ')}.`) : '');
    this.#facts(answer.facts);
  }

  #facts(facts) {
    const key = facts.map((fact) => fact.path).join(' ');
    if (key === this.drawn) return;  // what is being typed stays
    this.drawn = key;
    this.list.replaceChildren(...facts.map((fact) => {
      const changed = (feel) => {
        if (feel.trim() === fact.value) delete this.facts[fact.path]; else this.facts[fact.path] = feel;
        this.soon();
      };
      const label = say(fact.label) || fact.path;
      const field = factField({ fact, label, feel: this.facts[fact.path] ?? fact.value, offered: this.#texts(fact.path), urls: this.urls, changed });
      return make('div', { className: 'cell-field' }, make('span', {}, label, ' ', make('code', { className: 'small mute', textContent: fact.path })), field);
    }));
  }

  /** The texts that the cells of a column about this fact compare it with. */
  #texts(path) {
    const { inputs, rows } = this.model.sheet;
    const cells = inputs.flatMap((column, place) => (column.expression.trim() === path ? rows.map((row) => row.inputs[place]) : []));
    return [...new Set(cells.flatMap((cell) => [...cell.matchAll(/"([^"\\]*)"/g)].map((found) => found[1])))];
  }

  #line(box, lines) {
    box.replaceChildren(...lines.slice(0, 12).map(({ words, tone, go }) => {
      const line = make('p', { className: `note note-${tone}`, textContent: words });
      if (go) {
        const button = make('button', { type: 'button', className: 'btn btn-small', textContent: t('转到', 'Go there') });
        button.addEventListener('click', go);
        line.append(' ', button);
      }
      return line;
    }));
    if (lines.length > 12) box.append(make('p', { className: 'mute', textContent: t(`另有 ${lines.length - 12} 处。`, `${lines.length - 12} more.`) }));
  }
}
