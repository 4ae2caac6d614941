// What the rules of the check say of one file as it was saved: the way to the place, and a remedy by one click where there is one.
import { make, send, t } from '../../shell/common.js';
import { button } from '../modeler/fields.js';
import { steadyRows } from './steady.js';
import './problems.css';

const say = (both) => t(both.zh, both.en);
const WORDS = { error: t('错误', 'error'), warning: t('提醒', 'warning') };

/** What is said of a file without a problem while another one cannot be read: nobody has looked at it. */
export const unchecked = () => t('还没有检查：草稿中有文件读不出来，先改好它', 'Not checked yet: a file of the draft cannot be read; mend that first');

/**
 * The list in `box` of what is wrong with the file `path`; what `left(problem)` names is told elsewhere. `about(problem)` returns
 * {go(), remedy: {label, apply()}}, each where there is one, and `place`, the words for where it is. Returns {refresh()}.
 */
export function problemList(box, { api, path, about, left = () => false }) {
  let asked = 0;
  const list = make('ul', { className: 'problem-list' });
  const rows = steadyRows(list, { row, words });

  async function refresh() {
    const mine = (asked += 1);
    try {
      const { problems: found, whole } = await send(`${api}/problems`);
      if (mine === asked) show(found.filter((one) => one.file === path && one.severity in WORDS && !left(one)), whole);
    } catch (error) {
      if (mine === asked) untold(error.message);
    }
  }

  /** Say that the check itself failed, above what it told last. */
  function untold(why) {
    box.hidden = false;
    box.querySelector('.problems-untold')?.remove();
    box.prepend(make('p', { className: 'problems-untold', textContent: t(`现在无法检查：${why}`, `Cannot be checked now: ${why}`) }));
  }

  function show(found, whole) {
    box.hidden = !found.length && whole;
    box.querySelector('.problems-untold')?.remove();
    rows.show(found);
    if (!found.length && !whole) list.append(make('li', { className: 'problem is-warning', textContent: unchecked() }));
    if (box.hidden) list.remove();
    else if (!list.isConnected) box.append(list);
    box.dataset.count = found.length;
  }

  function words(problem) {
    const { go, remedy, place } = about(problem);
    return [problem, Boolean(go), remedy?.label, place];
  }

  function row(problem) {
    const { go, remedy, place } = about(problem);
    const item = make('li', { className: `problem is-${problem.severity}` }, make('strong', { textContent: `${WORDS[problem.severity]} ` }), place ? `${place} ` : '', say(problem.message), ' ', say(problem.remedy));
    // the row may stand longer than the form that it was made for: what a button does is asked for when it is pressed
    if (go) item.append(' ', button(t('带我去', 'Take me there'), () => about(problem).go?.()));
    if (remedy) item.append(' ', button(remedy.label, () => about(problem).remedy?.apply(), 'btn-main'));
    return item;
  }

  return { refresh };
}
