// What is wrong with the form as it was saved: the way to the part, and where there is only one remedy, that as one click.
import { t } from '../../shell/common.js';
import { problemList } from '../draft/problems.js';
import { drawn, walk } from './tree.js';

const quoted = (text) => [...text.matchAll(/“([^”]*)”/gu)].map((found) => found[1]);

/** The list in `box`; `go(place)` chooses a part, `change(place, run)` changes it as one step. Returns {refresh()}. */
export function problems(box, { api, path, state, editable, go, change }) {
  const about = (problem) => {
    const part = [...walk(state.schema)].find(({ component, place }) => drawn(component, place, state.made)?.id === problem.element);
    if (!part) return {};
    const put = editable && problem.rule === 'text_beyond_law' && instead(problem, part.component);
    const remedy = put && { label: t(`改成“${put.text}”`, `Write “${put.text}”`), apply: () => change(part.place, put.write) };
    return { go: () => go(part.place), remedy };
  };
  return problemList(box, { api, path, about });
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
