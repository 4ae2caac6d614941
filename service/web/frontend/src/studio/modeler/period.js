// A time limit put together: so many days, of which kind, from when. A sample day shows on which day it would end, by the
// program's own calendar. Trying writes nothing: the formula is written for the person by a press of its own.
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

// What a person tries stays when the panel is drawn anew, as after every change of the diagram.
const tried = { day: '', element: '', formula: '', period: null };

/**
 * Return the builder for the `formula` of `element`, an id: `parameters` are {id, name, said, clauses}, `starts` {id, name}, `clauses` the register;
 * `cited()` are the clauses of the element, `cite(ids)` is null where it cannot cite them; `change(formula)` is told once
 * the person takes what was tried.
 */
export function periodBuilder(formula, { element, parameters, starts, clauses, cited, cite, datesUrl, today }, change) {
  const drawn = readPeriod(formula) ?? { unit: 'workdays', count: '', from: '' };
  drawn.from = starts.find(({ id }) => [drawn.from, `date(${drawn.from})`, `date and time(${drawn.from})`].includes(id))?.id ?? drawn.from; // round.deadline, typed by hand, is date(round.deadline)
  const period = tried.period && tried.element === element && tried.formula === formula ? tried.period : { ...drawn };
  const box = make('div', { className: 'panel-period' });
  const number = make('input', { type: 'number', min: 1, max: 3660, value: /^\d+$/.test(period.count) ? period.count : '' });
  const day = make('input', { type: 'date', value: tried.day || today });
  const said = make('p', { className: 'panel-dates', role: 'status' });
  const rests = make('p', { className: 'panel-rests' });
  let latest = 0;
  const taking = make('p', { className: 'panel-taking' });
  const attempt = (part) => {
    Object.assign(period, part);
    Object.assign(tried, { element, formula, period });
    show();
    offer();
    restOn();
  };
  const isDrawn = () => writePeriod(period) === writePeriod(drawn);
  const offer = () => {
    const written = writePeriod(period);
    if (isDrawn() || !/^(param\.|[1-9])/.test(period.count)) { taking.replaceChildren(); return; }
    const take = button(t('采用这个期限', 'Use this limit'), () => { tried.period = null; change(written); }, 'btn-main');
    taking.replaceChildren(formula ? t(`只是试算，图上仍是 ${formula} `, `Only tried: the diagram still has ${formula} `) : t('只是试算，还没有写到图上 ', 'Only tried: nothing is written to the diagram yet '), take);
  };
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
    const rest = articles(chosen()?.clauses ?? cited());
    return t(`${length}，${period.from ? `自${from}起` : from}${rest && `，${rest}`}`, `${length} ${period.from ? 'from ' : ''}${from}${rest && `, ${rest}`}`);
  };
  const restOn = () => {
    const missing = cite && isDrawn() ? (chosen()?.clauses ?? []).filter((id) => !cited().includes(id)) : [];
    rests.replaceChildren(...(missing.length ? [button(t(`这里也引用${articles(missing)}`, `Cite ${articles(missing)} here too`), () => cite([...cited(), ...missing]))] : []));
  };
  onTyped(number, (value) => attempt({ count: value }));
  day.addEventListener('change', () => { tried.day = day.value; show(); });
  const named = parameters.map(({ id, name, said: length, clauses: own }) => ({ value: `param.${id}`, label: t(`${name}（${[length, articles(own)].filter(Boolean).join('，')}）`, `${name} (${[length, articles(own)].filter(Boolean).join(', ')})`) }));
  const fromOptions = [{ value: '', label: t('从流程走到这里时起', 'from when the process comes here') }, ...starts.map(({ id, name }) => ({ value: id, label: name }))];
  box.append(
    selectField(t('天数取自', 'Number from'), period.count.startsWith('param.') ? period.count : '', named, (value) => attempt({ count: value || number.value }), { empty: t('直接填数', 'a number') }),
    field(t('或直接填数', 'or a number'), number),
    selectField(t('单位', 'Unit'), period.unit, UNITS.map(([value, label]) => ({ value, label })), (value) => attempt({ unit: value }), { empty: null }),
    selectField(t('自何时起算', 'Counted from'), period.from, fromOptions, (value) => attempt({ from: value }), { empty: null }),
    field(t('试算：假如从这一天起', 'Try it: from this day'), day),
    said, taking, rests,
  );
  show();
  offer();
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
