"""The parameter that an assistant changes: one that is there already for what the clause says, else a new one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from service.casework.studio.law.read_clause import ReadClause
from service.catalog import Package, Parameter, Unit
from service.catalog.assistants.clause_names import clause_name
from service.catalog.assistants.expert_bars import limits_read
from service.catalog.assistants.revocation_grounds import label_of_ground
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, CHOSEN_IN_WORDS, AssistKind, ClauseAssistant
from service.catalog.clause_kinds.phase_days import in_other_unit
from service.catalog.parameters.vocabulary import usual_names
from service.catalog.settings.settings import typed_value
from service.catalog.source.freeze import thaw
from service.domain.text import Text

ROUNDS = Text("届", "rounds")
"""What a bar or a term in rounds counts."""
_ONCE = (
    AssistKind.MAJORITY,
    AssistKind.OBJECTION_WINDOW,
    AssistKind.REPORTS,
    AssistKind.VALIDITY,
    AssistKind.ANNOUNCEMENT,
    AssistKind.CALL,
    AssistKind.WEIGHTS,
    AssistKind.CYCLE,
    AssistKind.RECOMMENDATION,
    AssistKind.FURTHER_RECOMMENDATION,
    AssistKind.APPEAL,
    AssistKind.TIE,
    AssistKind.POINTS_TIE,
    AssistKind.SUSPENSION,
)
"""Kinds that a procedure has once: the same clause, or another, changes what is there. Of the others each use is a new one."""
_BY_NAME = (AssistKind.CALL, AssistKind.ANNOUNCEMENT, AssistKind.APPEAL, *CHOSEN_IN_WORDS)
"""Kinds known by the usual name alone: any text, time or choice of the same clause may be something else."""
_NOTICE = re.compile("公示|notice")
_ARTICLE = re.compile("第.+?条")
_BY_VALUE = (
    AssistKind.NOTICE,
    AssistKind.TIME_LIMIT,
    AssistKind.CORRECTION,
    AssistKind.BAR,
    AssistKind.REVOCATION,
    AssistKind.TERM,
    AssistKind.QUOTA,
    AssistKind.PRIZE,
    AssistKind.CUT_OFF,
    AssistKind.CARRIED,
)
"""Kinds of which a parameter that cites the clause and has its number is the same matter."""


def parameters_there(package: Package, read: ReadClause, clause: str, rounds: str) -> list[Parameter]:
    """Return the parameters that the assistant may change, those that cite the clause first; ``rounds`` names rounds of the award."""
    units = ASSISTANTS[read.kind].units
    known = [p for p in package.award.parameters.values() if p.clauses and p.unit in units]
    if read.kind in CHOSEN_IN_WORDS:  # of all that is chosen among words it is one alone
        known = [p for p in known if p.id == ASSISTANTS[read.kind].ident]
    if read.kind is AssistKind.EXPERT_BAR:  # of years and numbers only what a stage of review reads, or the clause says
        known = [p for p in known if clause in p.clauses or limits_read(package, p.id)]
    if read.kind in (AssistKind.BAR, AssistKind.TERM):  # of what counts pieces only those of rounds
        known = [p for p in known if p.unit is not Unit.COUNT or rounds in p.text.zh]
    return sorted(known, key=lambda one: clause not in one.clauses)


def fields_of_parameter(
    package: Package, read: ReadClause, article: str, clause: str, there: Sequence[Parameter], changing: str
) -> dict[str, str]:
    """Return the first values: of the parameter that is to be changed, or a new one with a name that is free."""
    assistant = ASSISTANTS[read.kind]
    usual = package.derived("usual names", lambda: usual_names(package.files))
    once = (
        _the_one(assistant, clause, there, usual)
        if assistant.kind in _ONCE and not read.tiers
        else _former(package, read, clause, there)
    )
    old = next((p for p in there if p.id == changing), None) or once or _of_the_list(package, read, article, there)
    if old is None and says_parts_alone(read):
        return in_parts(package, clause, there)
    if old is not None:
        value = typed_value(thaw(old.values[-1].value))
        return {"parameter": old.id, "name": old.text.zh, "unit": old.unit.value, "value": value}
    called = read.kind is not AssistKind.EXPERT_BAR  # a limit of experts is called by itself
    tier = next((offer.name.zh for offer in read.tiers if called and offer.id == read.tier), "")
    first = assistant.ident not in package.award.parameters and not tier
    unit = Unit(read.reading.fields.get("unit") or assistant.units[0])
    said = clause_name(assistant.kind, article, unit, read.reading.fields, tier)
    name, number = (usual.get(assistant.ident) or said) if first else said, 2
    while any(p.text.zh == name for p in there):
        name, number = f"{said}{number}", number + 1
    return {"name": name} if first else {"parameter": "", "name": name}


def says_parts_alone(read: ReadClause) -> bool:
    """Tell whether a clause says in which parts a prize is paid, and no amount: it holds of every tier."""
    return read.kind is AssistKind.PRIZE and "share_1" in read.reading.fields and "value" not in read.reading.fields


def in_parts(package: Package, clause: str, there: Sequence[Parameter]) -> dict[str, str]:
    """Return the prize of a tier that a clause on its parts alone does not reach yet: 奖金分两期拨付 says no amount of its own."""
    for old in there:
        tiers = [tier for tier in package.award.tiers if tier.text.zh in old.text.zh]
        tier = max(tiers, key=lambda one: len(one.text.zh), default=None)
        if clause not in old.clauses and tier is not None:
            value = typed_value(thaw(old.values[-1].value))
            return {"parameter": old.id, "name": old.text.zh, "unit": old.unit.value, "value": value, "tier": tier.id}
    return {}


def _former(package: Package, read: ReadClause, clause: str, there: Sequence[Parameter]) -> Parameter | None:
    """Return the parameter that holds what the clause says already, from the first page of the place or a former use."""
    if read.tiers:
        offer = next(one for one in read.tiers if one.id == read.tier)
        return next((p for p in there if p.id == offer.parameter), None)
    cited = [p for p in there if clause in p.clauses and p.values]
    if read.kind in (AssistKind.NOTICE, AssistKind.TIME_LIMIT):
        cited = [p for p in cited if bool(_NOTICE.search(p.id + p.text.zh)) is (read.kind is AssistKind.NOTICE)]
    fields: Mapping[str, str] = read.reading.fields
    if read.kind is AssistKind.EXPERT_BAR:  # a clause may name several limits, each with a parameter of its own
        cited = [p for p in cited if fields.get("limit") in limits_read(package, p.id)]
        return cited[0] if len(cited) == 1 else None
    said = (fields.get("value"), fields.get("unit"))
    alike = [p for p in cited if (str(p.values[-1].value), p.unit.value) == said] if read.kind in _BY_VALUE else []
    alone = read.kind is AssistKind.NOTICE or (read.kind is AssistKind.TIME_LIMIT and not fields.get("value"))
    found = alike or (cited if alone else [])  # a notice is one, whatever number it has now; 补正10日 is not 审查20日
    return found[0] if len(found) == 1 else None


def _of_the_list(package: Package, read: ReadClause, article: str, there: Sequence[Parameter]) -> Parameter | None:
    """Return the bar of a revocation that other items of the same article have, where this one gives no other years.

    A clause that names neither a ground nor years (how somebody is heard before) speaks of the one revocation there is.
    """
    head = _ARTICLE.match(article)
    if read.kind is not AssistKind.REVOCATION or head is None:
        return None
    said = read.reading.fields.get("value")
    drawn = [p for p in there if label_of_ground(package, p.id)]
    if said is None and read.reading.fields and "ground" not in read.reading.fields and len(drawn) == 1:
        return drawn[0]
    beside = [
        p
        for p in drawn
        if any(_is_below(head[0], package.law.article(one)) for one in p.clauses)
        and (said is None or said == str(p.values[-1].value))
    ]
    return beside[0] if len(beside) == 1 else None


def _is_below(head: str, article: str) -> bool:
    found = _ARTICLE.match(article)
    return found is not None and found[0] == head


def _the_one(
    assistant: ClauseAssistant, clause: str, there: Sequence[Parameter], usual: Collection[str]
) -> Parameter | None:
    """Return the parameter that a kind has once: of its usual name, else one of the clause that has a name of its own.

    Another of the ``usual`` names is of something else that the same clause says: the day of a call is not who makes it.
    """
    idents = (assistant.ident, in_other_unit(assistant.ident))
    first = next((p for p in there if p.id in idents), None)
    named = assistant.kind in _BY_NAME
    return first or next((p for p in there if clause in p.clauses and p.id not in usual and not named), None)
