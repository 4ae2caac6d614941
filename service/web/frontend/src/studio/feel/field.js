// A field for a formula (FEEL): completion, and what is wrong as one types.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { forceLinting, linter, lintKeymap } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap } from '@codemirror/view';
import { feel } from '@bpmn-io/lang-feel';
import { tags } from '@lezer/highlight';
import { make, t } from '../../shell/common.js';
import { judge, lineOf, marksOf } from './judge.js';
import { completing, explaining, wordsOf } from './words.js';
import './field.css';

const DELAY = 250;
const COLOURS = HighlightStyle.define([
  { tag: tags.string, class: 'feel-string' },
  { tag: [tags.number, tags.bool, tags.null, tags.literal], class: 'feel-constant' },
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword], class: 'feel-keyword' },
  { tag: tags.comment, class: 'feel-comment' },
]);
const PHRASES = {
  'No diagnostics': '没有问题', Diagnostics: '问题', close: '关闭', Completions: '可以用的词', 'current match': '当前',
};
let count = 0;

/**
 * Put a field into `parent`. `onChange(text)` is called at every change; `kind` is “expression”, or “tests” for a condition
 * cell; `options()` is sent along with every check. Tab leaves the field, Enter starts a new line.
 * Returns {value(), set(text), focus(), select(from, to), check(), judged(), destroy()}.
 */
export function feelField({ parent, value = '', onChange, wordsUrl, checkUrl, kind = 'expression', label = t('公式', 'Formula'), options = () => ({}), readOnly = false }) {
  const line = make('output', { className: 'feel-value', id: `feel-value-${(count += 1)}` });
  const box = make('div', { className: 'feel-field' });
  let words = { names: [], functions: [] };
  let found = {};
  let loaded;  // what is typed before the words are there is completed once they are
  const language = new Compartment();
  const view = new EditorView({ parent: box, state: EditorState.create({ doc: value, extensions: [
    EditorState.phrases.of(t(PHRASES, {})), EditorState.readOnly.of(readOnly),
    history(), drawSelection(), bracketMatching(), closeBrackets(), syntaxHighlighting(COLOURS), EditorView.lineWrapping,
    language.of(speaking(kind, words)),
    autocompletion({ override: [async (context) => { await loaded; return completing(words)(context); }], aboveCursor: false }),
    explaining(() => words),
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': line.id, spellcheck: 'false' }),
    keymap.of([...completionKeymap, ...closeBracketsKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap]),
    linter(() => check(), { delay: DELAY }),
    EditorView.updateListener.of((update) => { if (update.docChanged) onChange?.(text()); }),
  ] }) });
  const text = () => view.state.doc.toString();

  async function check() {
    const asked = text();
    if (!checkUrl) return [];
    try {
      found = asked.trim() ? await judge(checkUrl, asked, kind, options()) : {};
    } catch (problem) {
      tell({ state: 'open', text: t(`暂时不能检查：${problem.message}`, `It cannot be checked just now: ${problem.message}`) }, false);
      return [];
    }
    if (asked !== text()) return [];
    tell(lineOf(found), (found.problems ?? []).some((problem) => problem.severity === 'error'));
    return marksOf(asked, found.problems ?? []);
  }

  function tell(said, wrong) {
    line.dataset.state = said.state;
    line.textContent = said.text;
    view.contentDOM.setAttribute('aria-invalid', String(wrong));
  }

  box.append(line);
  parent.append(box);
  if (wordsUrl) {
    loaded = wordsOf(wordsUrl).then((got) => {
      words = got;
      view.dispatch({ effects: language.reconfigure(speaking(kind, words)) });
    }).catch(() => {});  // without words the field is still one to type in
  }
  return {
    value: text,
    set: (next) => { if (next !== text()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }); },
    focus: () => view.focus(),
    select: (from, to) => view.dispatch({ selection: { anchor: from, head: to } }),
    check: () => forceLinting(view),
    judged: () => found,
    destroy: () => { view.destroy(); box.remove(); },
  };
}

// The names of variables and functions hold blanks and signs, so the grammar is told which there are.
const speaking = (kind, { names, functions }) => feel({
  dialect: kind === 'tests' ? 'unaryTests' : 'expression',
  context: Object.fromEntries([...names.map(({ name }) => [name, null]), ...functions.map(({ name }) => [name, () => {}])]),
  completions: [],
});
