// What the server says of a formula: what is wrong and where, and what it comes to on a sample case.
import { send, t } from '../../shell/common.js';

const say = (both) => (both ? t(both.zh, both.en) : '');

/** Ask the server about `text`; `kind` is “expression” or “tests”, `options.facts` values over the sample. */
export const judge = (url, text, kind, options) => send(url, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text, kind, ...options }),
});

/** The problems as marks of the editor; the server counts characters, the editor units. */
export function marksOf(text, problems) {
  const units = (offset) => [...text].slice(0, offset).join('').length;
  return problems.map((problem) => {
    const from = Math.min(units(problem.start), text.length);
    const to = Math.min(Math.max(units(problem.end), from), text.length);
    return {
      from, to, severity: problem.severity, message: [say(problem.message), say(problem.remedy)].filter(Boolean).join(' '),
      actions: problem.suggestion ? [{ name: t(`改为“${problem.suggestion}”`, `Change to “${problem.suggestion}”`), apply: (view, a, b) => view.dispatch({ changes: { from: a, to: b, insert: problem.suggestion } }) }] : [],
    };
  });
}

/** The line below the field: the first problem, or the value with what is missing. */
export function lineOf({ problems = [], value }) {
  const worst = problems.find((problem) => problem.severity === 'error') ?? problems[0];
  if (worst) return { state: worst.severity, text: [say(worst.message), say(worst.remedy)].filter(Boolean).join(' ') };
  if (!value) return { state: 'quiet', text: '' };
  if (value.refused) return { state: 'error', text: say(value.refused) };
  const missing = value.gaps.map((one) => say(one.why)).join(t('；', '; '));
  const shown = t(`在样例上的值：${value.shown}`, `Value on the sample: ${value.shown}`);
  return missing ? { state: 'open', text: t(`${shown}。${missing}`, `${shown}. ${missing}`) } : { state: 'value', text: shown };
}
