"""Expectations that look into a text: in whose name something is announced, why somebody is no candidate, the points or the prize of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.casework.simulate.expecting.expectations import unmet_in
from service.casework.simulate.expecting.records import KINDS
from service.casework.simulate.stage.stage import PlayState
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.new_city.group_places import PLACED, UNPLACED
from service.catalog.parameters.month_days import CALL_DAY, kept_month_day
from service.domain.calendar import local_date

RANKINGS = ("ranking", "shortlist")
"""The facts that keep a ranking: before the vote, and before the second stage of review."""
_YEARS = 3
_PARTS, _AWAITED, _PAYS = "instalments_paid", "awaited_mark", "pay_part"
"""The facts of the case that pays a prize: what was paid, what the next part waits for; and the task that pays one."""
_YUAN = re.compile(r'"yuan": "?(\d+)')
LETTERS = {AssistKind.ANNOUNCEMENT: "announcement", AssistKind.CALL: "call_notice"}
"""The letter that says in whose name something is made known."""


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
