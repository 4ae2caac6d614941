"""Expectations that look into a text: in whose name something is announced, why somebody is no candidate, the points or the prize of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from service.casework.simulate.expecting.expectations import unmet_in
from service.casework.simulate.expecting.records import KINDS
from service.casework.simulate.stage.stage import PlayState
from service.catalog.assistants.carried_drawing import CARRIED_PLACES
from service.catalog.assistants.carried_plays import NEXT
from service.catalog.assistants.points_tie_drawing import ranking_facts
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.new_city.group_places import PLACED, UNPLACED
from service.catalog.parameters.month_days import CALL_DAY, kept_month_day
from service.domain.calendar import local_date

RANKINGS = ("ranking", "shortlist")
"""The facts that keep a ranking: before the vote, and before the second stage of review."""
RECOMMENDED = "recommended"
"""The fact of an application that was recommended."""
_YEARS = 3
_PARTS, _AWAITED, _PAYS = "instalments_paid", "awaited_mark", "pay_part"
"""The facts of the case that pays a prize: what was paid, what the next part waits for; and the task that pays one."""
_YUAN = re.compile(r'"yuan": "?(\d+)')
LETTERS = {AssistKind.ANNOUNCEMENT: "announcement", AssistKind.CALL: "call_notice"}
"""The letter that says in whose name something is made known."""

BY_TEXT_ALONE = (AssistKind.CARRIED, AssistKind.POINTS_TIE, AssistKind.SUSPENSION)
"""Kinds of which one record alone shows them: another ballot, or another fact of the season, does not."""
ONLY_LAID = (AssistKind.BAR, *BY_TEXT_ALONE)
"""Kinds that the chosen season does not show by itself: whatever it holds would hold without them."""


def rows_of_text(stage: PlayState, kind: AssistKind, value: str) -> Iterator[dict[str, Any]]:
    """Yield what the records say of a clause of ``kind`` whose parameter has ``value``; nothing for other kinds."""
    for nick in stage.cases:
        for row in _rows(stage, nick, kind, value):
            if not unmet_in(stage, row):
                yield row


def _rows(stage: PlayState, nick: str, kind: AssistKind, value: str) -> Iterator[dict[str, Any]]:
    if kind is AssistKind.CALL:
        yield from (
            {"case": nick, "document": LETTERS[kind], "contains": [value, since]} for since in _called_on(stage)
        )
    if kind in LETTERS:
        yield {"case": nick, "document": LETTERS[kind], "contains": value}
    if kind is AssistKind.GROUP_PLACES:
        yield from _placed(stage, nick)
    if kind is AssistKind.PRIZE:
        awards = KINDS["award"](stage, {"case": nick, "award": None})
        yield from (
            {"case": nick, "award": one["award"], "prize_yuan": one["prize_yuan"]}
            for one in awards
            if one.get("prize_yuan") is not None
        )
    if kind is AssistKind.CARRIED:
        yield from _carried(stage, nick)
    if kind is AssistKind.SUSPENSION:
        yield from _suspended(stage, nick)
    if kind is AssistKind.POINTS_TIE:
        yield from _parted(stage, nick)
    if kind in (AssistKind.CUT_OFF, AssistKind.WEIGHTS):
        for name in RANKINGS if kind is AssistKind.CUT_OFF else RANKINGS[:1]:
            facts = KINDS["fact"](stage, {"case": nick, "fact": name})
            ranked = next((fact["value"] for fact in facts if fact["fact"] == name), None) or []
            yield from ({"case": nick, "fact": name, "contains": words} for words in _told(ranked, kind))


def rows_of_parts(stage: PlayState) -> Iterator[dict[str, Any]]:
    """Yield what the records say of the parts of a prize, once one is paid: what was, and what is due or awaited next."""
    for nick in stage.cases:
        facts = {fact["fact"]: fact["value"] for fact in KINDS["fact"](stage, {"case": nick, "fact": _PARTS})}
        if not facts.get(_PARTS):
            continue
        yield {"case": nick, "fact": _PARTS, "contains": [str(part["yuan"]) for part in facts[_PARTS]]}
        if facts.get(_AWAITED):
            yield {"case": nick, "fact": _AWAITED, "value": facts[_AWAITED]}
        for shown in KINDS["prefill"](stage, {"case": nick, "prefill": _PAYS}):
            due = _YUAN.search(str(shown["text"])) if shown["prefill"] == _PAYS else None
            if due is not None:
                yield {"case": nick, "prefill": _PAYS, "contains": due[1]}


def _placed(stage: PlayState, nick: str) -> Iterator[dict[str, Any]]:
    """Yield who came in last within the limits of the groups, then why somebody did not."""
    for name, word in ((PLACED, "name"), (UNPLACED, "reason")):
        facts = KINDS["fact"](stage, {"case": nick, "fact": name})
        rows = next((fact["value"] for fact in facts if fact["fact"] == name), None) or []
        yield from ({"case": nick, "fact": name, "contains": str(row[word])} for row in rows[-1:])


def _carried(stage: PlayState, nick: str) -> Iterator[dict[str, Any]]:
    """Yield what a further round had besides its places: who was elected or recommended, else how many were carried over."""
    if nick == NEXT:
        for vote in KINDS["ballot"](stage, {"case": nick, "ballot": 1}):
            yield {"case": nick, "ballot": vote["ballot"], "elected": vote["elected"]}
    facts = {fact["fact"]: fact["value"] for fact in KINDS["fact"](stage, {"case": nick, "fact": RECOMMENDED})}
    if nick == NEXT and facts.get(CARRIED_PLACES):
        yield {"case": nick, "fact": CARRIED_PLACES, "contains": str(facts[CARRIED_PLACES][0]["places"])}
    if facts.get(RECOMMENDED) and nick == list(stage.cases)[-1]:
        yield {"case": nick, "fact": RECOMMENDED, "value": True}


def _suspended(stage: PlayState, nick: str) -> Iterator[dict[str, Any]]:
    """Yield who stood for election while somebody was suspended, then that it was."""
    for vote in KINDS["ballot"](stage, {"case": nick, "ballot": 1}):
        yield {"case": nick, "ballot": vote["ballot"], "candidates": vote["candidates"]}
    yield {"case": nick, "status": "suspended"}


def _parted(stage: PlayState, nick: str) -> Iterator[dict[str, Any]]:
    """Yield how two with as many points come one behind the other."""
    for name in ranking_facts(stage.package):
        facts = KINDS["fact"](stage, {"case": nick, "fact": name})
        ranked = next((fact["value"] for fact in facts if fact["fact"] == name), None) or []
        for first, second in pairwise(ranked):
            if first["points"] == second["points"] and first["place"] != second["place"]:
                yield {"case": nick, "fact": name, "contains": "，".join(second["reason"].split("，")[:2])}


def _called_on(stage: PlayState) -> Iterator[str]:
    """Yield how a letter says that it was posted on the day of the call, in each year that the play may be in."""
    known = stage.package.award.parameters.get(CALL_DAY)
    said = kept_month_day(known.values[-1].value) if known is not None else None
    if said is not None:
        month, day = said
        last = local_date(stage.clock.now()).year
        yield from (f"自{year}年{month}月{day}日起" for year in range(last, last - _YEARS, -1))


def _told(ranked: Sequence[Mapping[str, Any]], kind: AssistKind) -> Iterator[str]:
    """Yield why the last is no candidate, or with how many points the first is one."""
    if kind is AssistKind.CUT_OFF:
        yield from (str(row["reason"]) for row in ranked if not row["passing"])
    elif ranked:
        yield str(ranked[0]["reason"]).partition("，")[0]
