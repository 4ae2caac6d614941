// A fact that an operation records and no kind of case declares: written among the facts of the kind.
import { send, t } from '../../shell/common.js';

const BY_OPERATION = { 'case.count': 'number' };
const BY_ENDING = { _at: 'date and time', _provisional: 'boolean', _times: 'number' };

/** Declare `fact` for the kind of case `kind` in the draft behind `api`, of the type of a namesake where there is one, else as `operation` records it; returns what to tell. */
export async function declareFact(api, kind, fact, operation) {
  const { sections, choices, revision } = await send(`${api}/basics`);
  const { entries } = sections.find(({ section }) => section === 'processes');
  const entry = entries.find(({ id }) => id === kind);
  const kindOf = choices.kinds[kind];
  if (declares(entry.said, fact)) return t(`“${kindOf.zh}”已经声明事实“${fact}”。`, `“${kindOf.en}” declares “${fact}” already.`);
  const type = namesake(entries, fact) ?? BY_OPERATION[operation] ?? Object.entries(BY_ENDING).find(([ending]) => fact.endsWith(ending))?.[1] ?? 'any';
  const facts = [entry.said.facts, `${fact}: ${type}`].filter(Boolean).join('\n');
  await send(`${api}/basics/processes`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id: entry.id, said: { ...entry.said, facts }, revision }) });
  const typeOf = choices.fact_types[type.split('<')[0]];
  return t(
    `已在“地方与奖项”中为“${kindOf.zh}”声明事实“${fact}”，类型：${typeOf.zh}。类型不对的，在那里改。`,
    `“${fact}” is declared for “${kindOf.en}” on the page “Place and award”, of type ${typeOf.en}: change it there where it is another.`,
  );
}

const declared = (said) => (said.facts ?? '').split('\n').map((line) => line.split(':').map((one) => one.trim()));

const declares = (said, fact) => declared(said).some(([name]) => name === fact);

function namesake(entries, fact) {
  return entries.flatMap(({ said }) => declared(said)).find(([name]) => name === fact)?.[1];
}
