// What is wrong with the form as it was saved, and the way to the part.
import { problemList } from '../draft/problems.js';
import { drawn, walk } from './tree.js';

/** The list in `box`; `go(place)` chooses a part. Returns {refresh()}. */
export function problems(box, { api, path, state, go }) {
  const about = (problem) => {
    const part = [...walk(state.schema)].find(({ component, place }) => drawn(component, place, state.made)?.id === problem.element);
    if (!part) return {};
    return { go: () => go(part.place) };
  };
  return problemList(box, { api, path, about });
}
