// What is wrong with the form as it was saved: the way to the part, and where there is only one remedy, that as one click.
import { make, send, t } from '../../shell/common.js';
import { button } from '../modeler/fields.js';
import { drawn, walk } from './tree.js';

const say = (both) => t(both.zh, both.en);
const WORDS = { error: t('错误', 'error'), warning: t('提醒', 'warning') };
const quoted = (text) => [...text.matchAll(/“([^”]*)”/gu)].map((found) => found[1]);

/** The list in `box`; `go(place)` chooses a part, `change(place, run)` changes it as one step. Returns {refresh()}. */
export function problems(box, { api, path, state, editable, go, change }) {
  let asked = 0;

  async function refresh() {
    const mine = (asked += 1);
    try {
      const { problems: found } = await send(`${api}/problems`);
      if (mine === asked) show(found.filter(({ file, severity }) => file === path && severity in WORDS));
    } catch { /* saving says what is wrong; the list stays as it was */ }
  }

  function show(found) {
    box.hidden = !found.length;
    box.replaceChildren(...(found.length ? [make('ul', { className: 'problem-list' }, ...found.map(row))] : []));
    box.dataset.count = found.length;
  }

  function row(problem) {
    const part = [...walk(state.schema)].find(({ component, place }) => drawn(component, place, state.made)?.id === problem.element);
    const item = make('li', { className: `problem is-${problem.severity}` }, make('strong', { textContent: `${WORDS[problem.severity]} ` }), say(problem.message), ' ', say(problem.remedy));
    if (part) item.append(' ', button(t('带我去', 'Take me there'), () => go(part.place)));
    const remedy = editable && part && problem.rule === 'text_beyond_law' && instead(problem, part.component);
    if (remedy) item.append(' ', button(t(`改成“${remedy.text}”`, `Write “${remedy.text}”`), () => change(part.place, remedy.write), 'btn-main'));
    return item;
  }

  return { refresh };
}

/** What to write in place of a number beyond the law, and where it stands; null where it is not found as it is told. */
function instead(problem, component) {
  const [quote] = quoted(problem.message.zh);
  const [allowed, words] = quoted(problem.remedy.zh);
  if (!quote || !words || !quote.endsWith(words)) return null;
  const text = `${quote.slice(0, -words.length)}${allowed}`;
  const write = (part) => {
    for (const holder of [part, part.properties ?? {}, ...(part.values ?? [])]) {
      const key = Object.keys(holder).find((one) => typeof holder[one] === 'string' && holder[one].includes(quote));
      if (key) { holder[key] = holder[key].replace(quote, text); return true; }
    }
    return null;
  };
  return write(structuredClone(component)) && { text, write };
}
