// From whatever cites a clause to its place on the workbench, where everything stands that carries it out.
import { make, t } from '../../shell/common.js';

/** A link that says `words` and opens the clause `id` of the draft at hand beside the editor. */
export function clauseLink(id, words, { title = '', className = '' } = {}) {
  const draft = /^\/studio\/drafts\/\d+/.exec(location.pathname)?.[0] ?? '';
  const open = t('在条款页面打开', 'Open on the page of clauses');
  return make('a', { href: `${draft}/clauses?${new URLSearchParams({ clause: id })}#${id}`, target: '_blank', textContent: words, title: title ? `${title} · ${open}` : open, className });
}
