// What is wrong with the table, as it is typed.
import { make, send, t } from '../../shell/common.js';

const DELAY = 300;
const say = (both) => t(both.zh, both.en);

export class Faults {
  /** `found(answer)` is called with every answer; `show(row, column)` goes to a cell. */
  constructor(parent, { api, path, model, found, show }) {
    Object.assign(this, { api, path, model, found, show });
    this.problems = make('div', { className: 'table-problems' });
    this.problems.setAttribute('role', 'status');
    parent.append(this.problems);
    this.soon(0);
  }

  /** Ask again soon: something changed. */
  soon(delay = DELAY) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), delay);
  }

  async #ask() {
    const asked = (this.asked = (this.asked ?? 0) + 1);
    const body = JSON.stringify({ path: this.path, table: this.model.sheet });
    try {
      const answer = await send(`${this.api}/table/faults`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
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
