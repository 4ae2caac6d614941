// A time limit put together: so many days, of which kind, from when. The formula is written for the person, and a
// sample day shows on which day it would end, by the program's own calendar.
import { make, send, t } from '../../shell/common.js';
import { button, field, onTyped, selectField } from './fields.js';

const UNITS = [
  ['workdays', t('个工作日', 'working days')],
  ['caldays', t('日（自然日）', 'calendar days')],
  ['months', t('个月', 'months')],
  ['years', t('年', 'years')],
];
const WRITTEN = /^(workdays|caldays|months|years)\(\s*([\w.]+)\s*(?:,\s*(.+?)\s*)?\)$/su;

/** Read a formula that this builder can write: {unit, count, from}; null for any other. */
export function readPeriod(formula) {
  const found = WRITTEN.exec((formula ?? '').trim());
  if (!found || (found[3] && !balanced(found[3]))) return null;
  return { unit: found[1], count: found[2], from: found[3] ?? '' };
}

// A comma outside brackets would be a further argument, which the builder does not know.
function balanced(text) {
  let depth = 0;
  for (const letter of text) {
    depth += '([{'.includes(letter) ? 1 : ')]}'.includes(letter) ? -1 : 0;
    if (depth < 0 || (letter === ',' && depth === 0)) return false;
  }
  return depth === 0;
}

/** Write the formula of a period. */
export const writePeriod = ({ unit, count, from }) => (count ? `${unit}(${count}${from ? `, ${from}` : ''})` : '');

// The day that a person tries stays when the panel is drawn anew, as after every change of the diagram.
let tried = '';

/**
 * Return the builder for `formula`: `parameters` are {id, name, said, clauses}, `starts` {id, name}, `clauses` the register;
 * `cited` are the clauses of the element, `cite(ids)` is null where it cannot cite them; `change(formula)`.
 */
export function periodBuilder(formula, { parameters, starts, clauses, cited, cite, datesUrl, today }, change) {
  const period = readPeriod(formula) ?? { unit: 'workdays', count: '', from: '' };
  period.from = starts.find(({ id }) => [period.from, `date(${period.from})`, `date and time(${period.from})`].includes(id))?.id ?? period.from; // round.deadline, typed by hand, is date(round.deadline)
  const box = make('div', { className: 'panel-period' });
  const number = make('input', { type: 'number', min: 1, max: 3660, value: /^\d+$/.test(period.count) ? period.count : '' });
  const day = make('input', { type: 'date', value: tried || today });
  const said = make('p', { className: 'panel-dates', role: 'status' });
  const rests = make('p', { className: 'panel-rests' });
  let latest = 0;
  const write = (part) => { Object.assign(period, part); change(writePeriod(period)); show(); };
  const show = async () => {
    if (!period.count) { said.textContent = t('选好天数后，这里显示期限届满的日子', 'Once the number is chosen, the last day appears here'); return; }
    const asked = (latest += 1);
    const found = await answer(datesUrl, { unit: period.unit, count: period.count, day: day.value });
    if (asked === latest) said.textContent = t(`${inWords()}：${found}`, `${inWords()}: ${found}`); // an earlier answer may arrive after a later one
  };
  const chosen = () => parameters.find(({ id }) => period.count === `param.${id}`);
  const articles = (ids) => ids.map((id) => clauses.find((one) => one.id === id)?.article ?? id).join(t('、', ', '));
  // “5个工作日，自“发布公示”的张贴日起，第十三条”
  const inWords = () => {
    const from = fromOptions.find(({ value }) => value === period.from)?.label ?? period.from;
    const unit = UNITS.find(([value]) => value === period.unit)[1];
    const length = chosen()?.said ?? t(`${period.count}${unit}`, `${period.count} ${unit}`);
    const rest = articles(chosen()?.clauses ?? cited);
    return t(`${length}，${period.from ? `自${from}起` : from}${rest && `，${rest}`}`, `${length} ${period.from ? 'from ' : ''}${from}${rest && `, ${rest}`}`);
  };
  const restOn = () => {
    const missing = cite ? (chosen()?.clauses ?? []).filter((id) => !cited.includes(id)) : [];
    rests.replaceChildren(...(missing.length ? [button(t(`这里也引用${articles(missing)}`, `Cite ${articles(missing)} here too`), () => cite([...cited, ...missing]))] : []));
  };
  onTyped(number, (value) => write({ count: value }));
  day.addEventListener('change', () => { tried = day.value; show(); });
  const named = parameters.map(({ id, name, said: length, clauses: own }) => ({ value: `param.${id}`, label: t(`${name}（${[length, articles(own)].filter(Boolean).join('，')}）`, `${name} (${[length, articles(own)].filter(Boolean).join(', ')})`) }));
  const fromOptions = [{ value: '', label: t('从流程走到这里时起', 'from when the process comes here') }, ...starts.map(({ id, name }) => ({ value: id, label: name }))];
  box.append(
    selectField(t('天数取自', 'Number from'), period.count.startsWith('param.') ? period.count : '', named, (value) => write({ count: value || number.value }), { empty: t('直接填数', 'a number') }),
    field(t('或直接填数', 'or a number'), number),
    selectField(t('单位', 'Unit'), period.unit, UNITS.map(([value, label]) => ({ value, label })), (value) => write({ unit: value }), { empty: null }),
    selectField(t('自何时起算', 'Counted from'), period.from, fromOptions, (value) => write({ from: value }), { empty: null }),
    field(t('试算：假如从这一天起', 'Try it: from this day'), day),
    said, rests,
  );
  show();
  restOn();
  return box;
}

async function answer(url, question) {
  try {
    const found = await send(`${url}?${new URLSearchParams(question)}`);
    return t(found.sentence.zh, found.sentence.en);
  } catch (error) {
    return error.message;
  }
}
