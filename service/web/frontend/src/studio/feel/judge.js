// What the server says of a formula: what is wrong and where.
import { send, t } from '../../shell/common.js';

const say = (both) => (both ? t(both.zh, both.en) : '');

/** Ask the server about `text`; `kind` is “expression” or “tests”; `options` are sent along. */
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

/** The line below the field: the first problem. */
export function lineOf({ problems = [] }) {
  const worst = problems.find((problem) => problem.severity === 'error') ?? problems[0];
  if (worst) return { state: worst.severity, text: [say(worst.message), say(worst.remedy)].filter(Boolean).join(' ') };
  return { state: 'quiet', text: '' };
}
