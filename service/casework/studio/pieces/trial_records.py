"""The records on which formulas and tables of a draft are tried: a sample, or a real case with personal data masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_case
from service.casework.archives.masks import typed_at
from service.casework.desk.desk import Desk
from service.casework.reading.submissions import submissions_of
from service.casework.scope.lazy import Overlay
from service.casework.scope.record import RecordScope
from service.casework.step.findable import hidden_facts
from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.pieces.masked_record import MaskedRecord
from service.casework.subjects.individuals import INDIVIDUAL
from service.catalog import Package
from service.catalog.feel import compiled
from service.catalog.formula_help.sample import Sample, sample_of
from service.catalog.formula_help.trial import Trial
from service.catalog.parameters.counting import counting_of
from service.domain.calendar import CHINA
from service.domain.errors import Invalid, LaurelError, NotFound
from service.domain.forms import masked
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import CaseRow

_MOST_FACTS = 200


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """What a formula reads while it is tried: the record's title, its values, and the environment of time."""

    title: Text
    values: Mapping[str, Any]
    trial: Trial


def trial_record(
    desk: Desk, tx: Transaction, actor: Actor, tree: DraftTree, case: int | None, facts: Mapping[str, str]
) -> TrialRecord:
    """Return the sample of a draft, or the record of ``case``, with ``facts`` laid over it: FEEL by dotted path, which may read the record.

    A case is read as ``actor`` may see it, personal data masked, and while ``tx`` is open.

    Raises:
        NotFound: the case is of another package.
        NotAllowed: ``actor`` may not look at the case.
        Invalid: a fact is no FEEL value.
    """
    package = tree.package
    if case is None:
        sample = sample_of_draft(tree)
        title, values, now = sample.title, sample.values, datetime.combine(sample.day, time(9), CHINA)
        parameters = sample.values["param"]
    else:
        row = tx.cases.get(case)
        title, values = _of_case(desk, tx, actor, package, row)
        now, parameters = desk.clock.now(), row.parameters
    counting = counting_of(package.jurisdiction, package.award.time_settings, parameters)
    calendar = desk.calendar(package.jurisdiction.calendar)
    laid_over = _laid_over(values, facts, Trial(now, calendar, counting))
    return TrialRecord(title, laid_over, Trial(now, calendar, counting))


def sample_of_draft(tree: DraftTree) -> Sample:
    """Return the sample record of a draft at its revision, made once and let go with the package."""
    package = tree.package
    folder = f"processes/{package.key}/scenarios/"

    def made() -> Sample:
        return sample_of(package, {p: data for p, data in tree.filled.items() if p.startswith(folder)})

    return package.derived("sample record", made)


def _of_case(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, row: CaseRow
) -> tuple[Text, Mapping[str, Any]]:
    if f"{row.jurisdiction}/{row.award}" != package.key or row.process not in package.award.processes:
        raise NotFound(Text("这个办件不属于本流程，请另选。", "The case is of another procedure: choose another."))
    demand_case(actor, row, tx)
    forms: dict[str, list[dict[str, Any]]] = {}
    rows = {found.id: found for found in tx.forms.of_case(row.id)}
    ran_under, typed = desk.packages.get(row.definition, tx), set[str]()
    for given in reversed(submissions_of(desk, tx, actor, row, ran_under, names=False)):
        personal = frozenset(field.path for field in given.form.fields() if field.personal or field.secret)
        typed |= {text for path in personal for text in typed_at(given.values, path)}
        sent = rows[given.id]
        about = {"_at": sent.at.isoformat(), "_body": sent.body_id, "_element": sent.element}
        forms.setdefault(sent.form, []).append({**without_personal(given.values, personal), **about})
    hidden: dict[str, Any] = {"forms": forms, "experts": [], "reviews": {}}
    if actor.recused:
        hidden |= {"children": [], "siblings": [], "beside": []}
    names = hidden_facts(package) | hidden_facts(ran_under)
    scope = MaskedRecord(tx, row, RecordScope(tx, package, row, hidden), names, typed)
    bodies = [{**body, "members": []} for body in scope["bodies"]]
    subject = scope["subject"]
    if subject is not None and subject["kind"] == INDIVIDUAL:
        subject = {
            key: masked(value) if isinstance(value, str) and key != "kind" else value for key, value in subject.items()
        }
    title = masked(row.title) if subject is not None and subject["kind"] == INDIVIDUAL else row.title
    return Text(f"办件“{title}”", f"the case “{title}”"), Overlay({"bodies": bodies, "subject": subject}, scope)


def without_personal(values: Mapping[str, Any], personal: frozenset[str], above: str = "") -> dict[str, Any]:
    """Return what a form holds with the fields at the paths ``personal`` masked, in rows too (``staff[].name``)."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        path = f"{above}{key}"
        if path in personal:
            found[key] = masked(value)
        elif isinstance(value, Mapping):
            found[key] = without_personal(value, personal, f"{path}.")
        elif isinstance(value, list):
            found[key] = [without_personal(v, personal, f"{path}[].") if isinstance(v, Mapping) else v for v in value]
        else:
            found[key] = value
    return found


def _laid_over(values: Mapping[str, Any], facts: Mapping[str, str], trial: Trial) -> Mapping[str, Any]:
    if len(facts) > _MOST_FACTS:
        raise Invalid(
            Text(f"一次最多改 {_MOST_FACTS} 个事实。", f"At most {_MOST_FACTS} facts can be changed at once.")
        )
    if not facts:
        return values
    changed: dict[str, Any] = dict(values)
    for path, text in facts.items():
        parts = path.split(".")
        _put(changed, parts, _value(path, text, values, trial))
    return changed


def _put(values: dict[str, Any], parts: list[str], value: object) -> None:
    if len(parts) == 1:
        values[parts[0]] = value
        return
    inside = values.get(parts[0])
    values[parts[0]] = held = dict(inside) if isinstance(inside, Mapping) else {}
    _put(held, parts[1:], value)


def _value(path: str, text: str, values: Mapping[str, Any], trial: Trial) -> object:
    try:
        return compiled(text or "null").evaluate(values, trial)
    except LaurelError as mistake:
        raise Invalid(
            Text(
                f'“{path}”的值“{text[:60]}”写得不对：{mistake.message.zh}文字要加英文引号，例如 "yes"。',
                f'The value “{text[:60]}” of “{path}” is wrong: {mistake.message.en} Texts stand in quotes, such as "yes".',
            )
        ) from mistake
