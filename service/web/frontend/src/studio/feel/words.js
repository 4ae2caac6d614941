// The names and functions that a formula may use: offered while one types, explained under the pointer.
import { snippetCompletion } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import { hoverTooltip } from '@codemirror/view';
import { make, send, t } from '../../shell/common.js';

const known = new Map();
const PATH = /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/gu;
const STEM = /^[\p{L}\p{N}_]*$/u;
const say = (both) => (both ? t(both.zh, both.en) : '');

/** The words of a place, asked for once per page: {names: […], functions: […]}. */
export function wordsOf(url) {
  if (!known.has(url)) known.set(url, send(url).catch((problem) => { known.delete(url); throw problem; }));
  return known.get(url);
}

/** Ask again where the package has changed since. */
export const forgetWords = () => known.clear();

/** The name at a dotted path, or undefined. */
export function named(names, path) {
  let found;
  for (const part of path) {
    found = names?.find((name) => name.name === part);
    names = found?.entries;
  }
  return found;
}

const explain = (lines) => () => make('div', { className: 'feel-help' }, ...lines.filter(Boolean).map((line) => make('p', {}, line)));

const ofName = (name) => [
  [say(name.label), say(name.kind)].filter(Boolean).join(t('，', ', ')),
];
const ofFunction = (one) => [say(one.does), t(`例：${one.example}`, `For example: ${one.example}`)];
const call = (one) => `${one.name}(${one.parameters.join(', ')})`;

const nameOption = (name) => ({ label: name.name, type: name.entries?.length ? 'namespace' : 'variable', detail: say(name.label) || say(name.kind), info: explain(ofName(name)) });
const functionOption = (one) => snippetCompletion(
  `${one.name}(${one.parameters.map((name) => `\${${name}}`).join(', ')})`,
  { label: call(one), type: 'function', detail: say(one.does), info: explain(ofFunction(one)), boost: -1 },
);

/** A completion source over these words. */
export const completing = ({ names, functions }) => (context) => {
  const dotted = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]*)+$/u);
  if (dotted) {
    const parts = dotted.text.split('.');
    const found = named(names, parts.slice(0, -1));
    return found?.entries ? { from: dotted.to - parts.at(-1).length, options: found.entries.map(nameOption), validFor: STEM } : null;
  }
  if (/String|Comment/.test(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null;
  const typed = context.matchBefore(/[\p{L}_][\p{L}\p{N}_ ]*$/u);
  if (!typed && !context.explicit) return null;
  const options = [...names.map(nameOption), ...functions.map(functionOption)];
  return { from: typed ? startOf(typed, options) : context.pos, options };
};

// Names of functions hold blanks: after “if workdays bet” the name begins at “workdays”.
function startOf(typed, options) {
  const starts = [...typed.text.matchAll(/(?:^| )(?=\S)/g)].map((match) => match.index + match[0].length);
  const fits = (start) => options.some((option) => option.label.toLowerCase().startsWith(typed.text.slice(start).toLowerCase()));
  return typed.from + (starts.find(fits) ?? starts.at(-1) ?? 0);
}

/** What stands under the pointer, explained. */
export const explaining = (words) => hoverTooltip((view, at) => {
  const line = view.state.doc.lineAt(at);
  const { names, functions } = words();
  const place = at - line.from;
  for (const one of functions) {
    const found = [...line.text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_.])${one.name}(?=\\s*\\()`, 'gu'))].find((match) => match.index <= place && place <= match.index + one.name.length);
    if (found) return tooltip(line.from + found.index, line.from + found.index + one.name.length, [call(one), ...ofFunction(one)]);
  }
  const path = [...line.text.matchAll(PATH)].find((match) => match.index <= place && place <= match.index + match[0].length);
  const name = path && named(names, path[0].split('.'));
  return name ? tooltip(line.from + path.index, line.from + path.index + path[0].length, [path[0], ...ofName(name)]) : null;
});

const tooltip = (pos, end, lines) => ({ pos, end, above: true, create: () => ({ dom: explain(lines)() }) });
