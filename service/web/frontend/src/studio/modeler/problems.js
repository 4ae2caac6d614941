// What is wrong, beside the canvas and on the elements, as one draws; with the way there and, where there is only one, the remedy.
import { make, send, t } from '../../shell/common.js';
import { unchecked } from '../draft/problems.js';
import { steadyRows } from '../draft/steady.js';
import { middleOf } from '../../viewer/middle.js';
import { button } from './fields.js';
import { remedyOf } from './remedies.js';
import { takeToField } from './take_there.js';

const say = (both) => t(both.zh, both.en);
const WORDS = { error: t('错误', 'error'), warning: t('提醒', 'warning'), remark: t('备注', 'remark') };
const PAUSE = 300;

/** Where the mark of an element stands: on a corner of a shape; beside the middle of a line, whose ends and bends are handles. */
function placeOf({ waypoints }) {
  if (!waypoints) return { top: -10, right: 10 };
  const { x, y, upright } = middleOf(waypoints);
  return upright ? { left: x + 8, top: y - 11 } : { left: x - 11, top: y - 30 };
}

export class Problems {
  constructor(box, modeler, { url, path, all, remedies, panel }) {
    Object.assign(this, { box, modeler, url, path, remedies, panel });
    this.head = make('p', { className: 'problem-count mute', textContent: t('正在检查…', 'Checking…') });
    this.head.setAttribute('role', 'status');
    this.head.dataset.pending = t('（刚才的改动还没有检查）', ' (the last change is not checked yet)');
    this.list = make('ol', { className: 'problem-list' });
    this.rows = steadyRows(this.list, { row: (problem) => this.row(problem), words: (problem) => [problem, Boolean(this.elementOf(problem)), this.remedyOf(problem)?.label] });
    this.elsewhere = make('p', { hidden: true }, make('a', { href: all }));
    box.replaceChildren(this.head, this.elsewhere);
    this.shown = [];
    this.asked = 0;
  }

  /** Ask again a little later; an answer that is no longer the newest is dropped. */
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), PAUSE);
  }

  async refresh() {
    this.asked += 1;
    const mine = this.asked;
    try {
      const { problems, whole } = await send(this.url);
      if (mine === this.asked) this.show(problems, whole);
    } catch (error) {
      if (mine === this.asked) this.say(t(`现在无法检查：${error.message}`, `Cannot be checked now: ${error.message}`));
    }
  }

  /** Show what came with a save, over whatever was asked before it, or why it cannot be told; what did not come is asked for. */
  told({ problems, whole, untold }) {
    clearTimeout(this.timer);
    if (!problems && !untold) {
      this.refresh();
      return;
    }
    this.asked += 1;
    if (untold) {
      this.say(say(untold));
      return;
    }
    this.show(problems, whole);
  }

  show(problems, whole) {
    this.shown = problems.filter(({ file, severity }) => file === this.path && severity !== 'remark');
    const elsewhere = problems.filter(({ file, severity }) => file !== this.path && severity === 'error').length;
    this.mark();
    const none = whole ? t('这张图没有问题', 'No problems in this diagram') : unchecked();
    this.say(this.shown.length ? t(`这张图有 ${this.shown.length} 个问题`, `${this.shown.length} ${this.shown.length === 1 ? 'problem' : 'problems'} in this diagram`) : none);
    this.rows.show(this.shown);
    if (!this.shown.length) this.list.remove();
    else if (!this.list.isConnected) this.head.after(this.list);
    this.elsewhere.hidden = !elsewhere;
    this.elsewhere.firstChild.textContent = t(`草稿的其他文件还有 ${elsewhere} 个错误`, `${elsewhere} ${elsewhere === 1 ? 'error' : 'errors'} in other files of the draft`);
    this.box.dataset.count = this.shown.length;
  }

  /** Say how it stands; told aloud only where that has changed, with the first problem. */
  say(sentence) {
    if (this.head.textContent !== sentence) this.head.textContent = sentence;
    this.head.classList.remove('mute');
  }

  row(problem) {
    const item = make('li', { className: `problem is-${problem.severity}` });
    item.dataset.rule = problem.rule;
    item.append(make('p', {}, make('strong', { textContent: `${WORDS[problem.severity]} ` }), say(problem.message)), make('p', { className: 'problem-remedy', textContent: say(problem.remedy) }));
    if (problem.place) item.append(make('p', { className: 'problem-place mute' }, say(problem.place), ' ', make('small', { className: 'code', textContent: problem.element })));
    const acts = make('p', { className: 'problem-acts' });
    if (this.elementOf(problem)) acts.append(button(t('带我去', 'Take me there'), () => this.go(problem)));
    const remedy = this.remedyOf(problem);
    if (remedy) acts.append(button(remedy.label, () => this.mend(problem), 'btn-main'));
    if (acts.childElementCount) item.append(acts);
    return item;
  }

  remedyOf(problem) { return this.remedies.writer && remedyOf(problem, this.modeler, this.remedies); }

  /** Carry out the remedy that there is now: the row may stand longer than the drawing that it was made for. */
  mend(problem) {
    const element = this.elementOf(problem);
    if (element) bringToSight(this.modeler, element);
    this.remedyOf(problem)?.apply();
  }

  elementOf({ element }) {
    const registry = this.modeler.get('elementRegistry');
    return registry.get(element) ?? registry.find((one) => one.businessObject?.processRef?.id === element) ?? null;
  }

  go(problem) {
    const element = this.elementOf(problem);
    if (!element) return;
    bringToSight(this.modeler, element);
    setTimeout(() => takeToField(this.panel, problem));
  }

  mark() {
    const overlays = this.modeler.get('overlays');
    overlays.remove({ type: 'laurel-problem' });
    const byElement = new Map();
    for (const problem of this.shown) {
      const element = this.elementOf(problem);
      if (element?.parent) byElement.set(element, [...(byElement.get(element) ?? []), problem]);
    }
    for (const [element, found] of byElement) overlays.add(element, 'laurel-problem', { position: placeOf(element), html: this.mark_of(element, found) });
  }

  mark_of(element, found) {
    const worst = found.some(({ severity }) => severity === 'error') ? 'error' : 'warning';
    const mark = make('button', { type: 'button', className: `problem-mark is-${worst}`, textContent: `!${found.length > 1 ? found.length : ''}`, title: found.map(({ message }) => say(message)).join('\n') });
    mark.setAttribute('aria-label', found.map(({ message }) => say(message)).join('；'));
    mark.addEventListener('click', () => this.go(found[0]));
    return mark;
  }
}

/** Choose an element and move the canvas so that it can be seen, at a size that can be read. */
export function bringToSight(modeler, element) {
  const canvas = modeler.get('canvas');
  modeler.get('selection', false)?.select(element);
  if (canvas.zoom() < 0.6) canvas.zoom(1);
  canvas.scrollToElement(element, 120);
}
