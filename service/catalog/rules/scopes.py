"""The names an expression may read, by its place in the package."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from service.catalog.award import ProcessInfo
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.rules.context import Checked
from service.catalog.rules.places import label_of_form
from service.domain.text import Text

CASE = frozenset({"id", "number", "title", "process", "status", "outcome", "started_at"})
"""What every case has besides its facts."""
RECORD = frozenset(
    {
        "forms",
        "findings",
        "notices",
        "opinions",
        "documents",
        "children",
        "siblings",
        "beside",
        "all_rounds",
        "register",
        "subject",
        "parties",
        "reviews",
        "experts",
        "bodies",
        "tiers",
    }
)
"""Names of the record scope that every case has."""
COLUMNS: Mapping[str, frozenset[str]] = {
    "register.awards": frozenset(
        {
            "id",
            "award",
            "tier",
            "round",
            "decided_on",
            "revoked_on",
            "number",
            "details",
            "holder",
            "winner",
            "rounds_since",
            "rounds_since_revoked",
        },
    ),
    "register.sanctions": frozenset(
        {"ground", "effect", "decided_on", "from_day", "last_day", "holder", "titles", "application"}
    ),
}
"""What the rows of lists on record have, which in a filter comes before records of that name."""
SUBMISSION = frozenset({"_at", "_body", "_element"})
"""What every submission of a form has besides its fields."""
_COUNTERS = frozenset({"nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"})


class ForeignForm(NamedTuple):
    """A form as sentences quote it, and the names of the kinds of case in which alone it is filled in."""

    label: Text
    kinds: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names that may be read; ``parts`` holds, for some, what may follow the dot.

    ``elsewhere`` are forms that only cases of other kinds fill in.
    """

    known: frozenset[str]
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    elsewhere: Mapping[str, ForeignForm] = field(default_factory=dict)

    def plus(self, extra: Iterable[str]) -> Names:
        """Return these names and ``extra`` ones."""
        more = frozenset(extra)
        return Names(self.known | more, self.parts, {f: k for f, k in self.elsewhere.items() if f not in more})

    def over(self, record: Names) -> Names:
        """Return these names and those of ``record``, where these do not hide them."""
        below = record.plus(self.known)
        return Names(below.known, {**record.parts, **self.parts}, below.elsewhere)


def token_scope(checked: Checked, diagram: Diagram, element: Element | None = None) -> Names:
    """Return what gateways, timers, due dates and operation parameters see."""
    names = checked.once(token_scope, lambda: _of_token(checked, diagram), diagram)
    if element is None or element.multi is None:
        return names
    multi = element.multi
    return names.plus(name for name in (multi.item, multi.output, multi.outputs, *_COUNTERS) if name)


def _of_token(checked: Checked, diagram: Diagram) -> Names:
    kinds = checked.kinds.get(diagram.process_id, ())
    return _without_need(_build_case_scope(checked, kinds).plus(diagram.variables), diagram)


def _without_need(names: Names, diagram: Diagram) -> Names:
    """Return ``names`` with the settings that ``diagram`` reads where a city has them: they are null elsewhere."""
    spare = frozenset(word.removeprefix("param.") for word in diagram.optional if word.startswith("param."))
    return Names(names.known, {**names.parts, "param": names.parts["param"] | spare}) if spare else names


def record_scope(checked: Checked, kinds: Collection[ProcessInfo]) -> Names:
    """Return what tables, texts, first values, barriers and conditions of actions see.

    A form may have the name of the case above another kind: tables serve both, so either's names are known.
    """
    kinds = list(kinds)
    return checked.once(("record", *(kind.key for kind in kinds)), lambda: _build_record_scope(checked, kinds))


def _build_record_scope(checked: Checked, kinds: Collection[ProcessInfo]) -> Names:
    names = _build_case_scope(checked, kinds)
    forms = {ident: keys | SUBMISSION | names.parts.get(ident, frozenset()) for ident, keys in checked.keys.items()}
    above = _of_grandparents(checked, kinds)
    parts = {**above, **names.parts, **forms, "forms": frozenset(checked.package.forms)}
    case_names = names.known | RECORD | frozenset(above)
    elsewhere = {form: kind for form, kind in _filled_by_others(checked, kinds).items() if form not in case_names}
    return Names(case_names | frozenset(checked.package.forms), parts, elsewhere)


def _filled_by_others(checked: Checked, kinds: Collection[ProcessInfo]) -> dict[str, ForeignForm]:
    """Return the forms that are filled in only in cases of kinds other than ``kinds``."""
    kind_keys = {kind.key for kind in kinds}
    filled = checked.filled_in
    return {
        form: ForeignForm(label_of_form(checked, form), "、".join(by.values()))
        for form, by in filled.items()
        if form and kind_keys and kind_keys.isdisjoint(by)
    }


def start_scope(checked: Checked, kind: ProcessInfo) -> Names:
    """Return what the condition for starting a case sees: the records of the case above, whose facts have its name, and who starts."""
    above = checked.package.award.processes.get(kind.parent or "")
    if above is None:
        return Names(
            frozenset({"param", "starter", "starter_body"}), {"param": frozenset(checked.package.award.parameters)}
        )
    names = record_scope(checked, [above])
    return Names(
        names.known | {above.key, "starter", "starter_body", "earlier"},
        {**names.parts, above.key: frozenset(above.facts) | CASE},
    )


def _build_case_scope(checked: Checked, kinds: Iterable[ProcessInfo]) -> Names:
    group = list(kinds)
    return checked.once(("cases", *(kind.key for kind in group)), lambda: _of_cases(checked, group))


def _of_cases(checked: Checked, group: Sequence[ProcessInfo]) -> Names:
    award = checked.package.award
    parts: dict[str, frozenset[str]] = {
        "param": frozenset(award.parameters),
        "case": CASE.union(*(kind.facts for kind in group)),
    }
    for kind in group:
        if kind.parent and kind.parent in award.processes:
            parts[kind.parent] = frozenset(award.processes[kind.parent].facts) | CASE
    return Names(frozenset(parts), parts)


def _of_grandparents(checked: Checked, kinds: Iterable[ProcessInfo]) -> dict[str, frozenset[str]]:
    processes = checked.package.award.processes
    parents = [processes[k.parent] for k in kinds if k.parent and k.parent in processes]
    above = [processes[p.parent] for p in parents if p.parent and p.parent in processes]
    return {kind.key: frozenset(kind.facts) | CASE for kind in above}
