"""What the words of a clause answer to the questions of its assistant beside the value: each answer with its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import TypeAlias

from service.catalog.assistants.carried_drawing import OF_AWARD, OF_UNITS
from service.catalog.assistants.expert_bars import LIMITS
from service.catalog.assistants.points_tie_drawing import OLDER
from service.catalog.assistants.vote_agendas import LEFT_OUT
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.clause_kinds.phase_days import PhaseDays, days_said
from service.catalog.law_text.appeal_said import appeal_said
from service.catalog.law_text.ballots_said import ballots_said
from service.catalog.law_text.counted_from import counted_from
from service.catalog.law_text.equals_said import (
    carried_said,
    carries_recommendations,
    equal_points_said,
    suspension_said,
)
from service.catalog.law_text.expert_limits import expert_limits
from service.catalog.law_text.limit_starts import start_said
from service.catalog.law_text.numbers import NUMERAL, whole
from service.catalog.law_text.objection_phases import (
    answered_after_step,
    answered_from_acceptance,
    answered_from_receipt,
    held_alone,
    phases_in,
)
from service.catalog.law_text.preset import squeezed
from service.catalog.law_text.recommenders import places_to_recommend, recommenders_of
from service.catalog.law_text.revocation import revocation_said
from service.catalog.law_text.terms_said import terms_in_a_row
from service.catalog.law_text.tie_said import tie_said
from service.catalog.law_text.unread_text import PLACES_KNOWN
from service.catalog.law_text.vote_said import vote_said
from service.catalog.law_text.year_days import year_day

GROUP = (
    "(?P<group>[\u4e00-\u9fff]{1,6}?(?:业|企业))(?:组织|单位|领域|名额|获奖|每届|的)*"
    "(?:不得?超过|不得?多于|不得?高于|最多|至多|为)?"
)
"""An industry or size before its number of places."""
Said: TypeAlias = Iterator[tuple[str, str, str]]
"""Question, answer as somebody would type it, and the words of the text."""
_TO_SECOND = re.compile(
    "(?:进入|参加|列入|开展|方可|入围)[^，。；]{0,10}(?:现场|答辩|陈述|第二阶段|复评)[^，。；]{0,4}"
)
_TO_VOTE = re.compile("候选(?:名单|组织|单位|对象)?|(?:提请|提交|进入)[^，。；]{0,10}(?:表决|投票|审议)")
_EQUALS = re.compile("(?:得分|分数|评分)相同[^。；]{0,14}(?:一并|均|都|同时)(?:进入|入围|列入)")
_TIERS = '[“"]?(?P<tiers{}>[\u4e00-\u9fff、]{{1,20}}?奖)[”"]?'
_SPARED = re.compile(
    f"(?:但是?|其中)?(?:仅)?获得?{_TIERS.format('')}的?(?:组织|企业|单位)?"
    "(?:除外|不在此限|不受此限制?|，?可以?(?:在?(?:下一?|次)[届年])?(?:再次|重复|重新)?申报(?!国家|全国|中国|省|自治区|上一?级|更高))"
    f"|(?<=[，。；]){_TIERS.format('_there')}(?:获奖)?的?(?:组织|企业|单位)"
    "(?:除外|不在此限|不受此限制?|可以?(?:再次|重复|重新)申报)"
)
"""Winners of a tier that a bar spares."""
_ROUNDS = re.compile("(?:补正|补充|补齐)[^。；]{0,12}?(?:不超过|最多|至多|以)?([0-9]|[一二两三])次(?:为限|机会)?")
_LATE = re.compile(
    "(?:逾期|未按[时期]|期满)[^。；，]{0,10}(?:补正|补充|补齐)[^。；]{0,8}?(?:视为|按)?(?P<what>撤回|放弃|不予受理)"
)
"""What becomes of an application that was not corrected in time."""


_PAID_AFTER = re.compile(
    f"(?:表彰|授奖|颁奖|公布|决定|通报)[^，。；]{{0,8}}?(?:之日)?(?:起|后){NUMERAL}(?:个?自然日|日|天)(?:之|以)?内[，,]"
    "(?![^。；]{0,30}(?:百分之|[0-9][%％]))[^，。；]{0,24}(?:拨付|发放|支付|兑现)"
)
"""Within how many days a prize is paid, said before who pays it: 表彰后30日内，由市财政局将奖金拨付."""
_MADE_KNOWN_ON = re.compile(f"(?:在|于|通过|利用)(?P<where>{PLACES_KNOWN})")


def answers_said(kind: AssistKind, text: str, own: Collection[str] = ()) -> dict[str, tuple[str, str]]:
    """Return the answers that ``text`` gives to the questions of ``kind``, each with its words.

    ``own`` are the names by which the regulation calls the award that is given here.
    """
    reader = partial(_bar, own=own) if kind is AssistKind.BAR else _READERS.get(kind)
    return {question: (answer, words) for question, answer, words in reader(text)} if reader is not None else {}


def _groups(text: str) -> Said:
    """The group is read where the clause gives places to one alone."""
    found = {
        hit["group"]: hit for hit in re.finditer(f"{GROUP}(?=[0-9一二两三四五六七八九十]+(?:个|家|名))", squeezed(text))
    }
    if len(found) == 1:
        [(group, hit)] = found.items()
        yield "group", group, hit[0]


def _further(text: str) -> Said:
    """The authority is read where the clause names one alone."""
    named = recommenders_of([("", text)])
    if len(named) == 1:
        yield "authority", named[0][0], named[0][0]
    places = places_to_recommend([("", text)])
    if places is not None:
        yield "places", str(places), str(places)


def _recommended(text: str) -> Said:
    """All authorities that a clause names, and how many each of them may recommend."""
    named = recommenders_of([("", text)])
    if named:
        yield "authorities", "、".join(name for name, _ in named), "、".join(name for name, _ in named)
    places = places_to_recommend([("", text)])
    if places is not None:
        yield "places", str(places), str(places)


def _reports(text: str) -> Said:
    due = year_day(text)
    if due is not None:
        yield "due", due.typed, due.words


def _bar(text: str, own: Collection[str] = ()) -> Said:
    for question, (answer, words) in counted_from(text, own).items():
        yield question, answer, words
    if spared := _SPARED.search(squeezed(text)):
        yield "spared", spared["tiers"] or spared["tiers_there"], spared[0]


def _cut_off(text: str) -> Said:
    if equals := _EQUALS.search(text):
        yield "tie", "all", equals[0]
    second, vote = _TO_SECOND.search(text), _TO_VOTE.search(text)
    if second and not vote:
        yield "before", "second", second[0]
    if vote and not second:
        yield "before", "vote", vote[0]


def _prize(text: str) -> Said:
    if paid := _PAID_AFTER.search(squeezed(text)):
        yield "pay_days", str(whole(paid["n"])), paid[0]


def _call(text: str) -> Said:
    """Where it is made known is read where the clause names it once."""
    found = {hit["where"]: hit[0] for hit in _MADE_KNOWN_ON.finditer(squeezed(text))}
    if len(found) == 1:
        [(where, words)] = found.items()
        yield "channels", where, words


def _correction(text: str) -> Said:
    if rounds := _ROUNDS.search(text):
        yield "rounds", str(whole(rounds[1])), rounds[0]
    if late := _LATE.search(text):
        yield "late", {"撤回": "withdrawn", "放弃": "abandoned"}.get(late["what"], "refused"), late[0]


def _majority(text: str) -> Said:
    again = ballots_said(text)
    if again is not None:
        yield "ballots", again[0], again[1]
    for question, preset in vote_said([("", text)]).items():
        yield question, preset.value, preset.said


def _objection(text: str) -> Said:
    for phase, preset in phases_in(text).items():
        if phase != "reply":
            yield phase, days_said(preset).typed, preset.words
    if received := answered_from_receipt(text):
        yield "counted", "receipt", received
    elif accepted := answered_from_acceptance(text):
        yield "counted", "acceptance", accepted
    elif stepped := answered_after_step(text):
        yield "counted", "step", stepped
    if held := held_alone(text):
        yield "hold", "concerned", held


def _appeal(text: str) -> Said:
    """The time to appeal, to whom, and the time to decide."""
    found = appeal_said(text)
    if found is None:
        return
    if found.lodge is not None:
        yield "value", str(found.lodge.number), found.lodge.words
        yield "unit", found.lodge.unit.value, found.lodge.words
    if found.decision is not None:
        days = PhaseDays(found.decision.number, found.decision.unit)
        yield "decision", days.typed, found.decision.words
    if found.authority:
        yield "authority", found.authority, found.authority


def _tie(text: str) -> Said:
    """Who goes first of those with as many votes."""
    found = tie_said(text)
    if found is not None:
        yield "order", found[0].value, found[1]


def _points_tie(text: str) -> Said:
    """Who goes first of those with as many points."""
    if equal := equal_points_said(text):
        yield "first", OLDER, equal


def _suspension(text: str) -> Said:
    """Who is suspended is not put to the vote: that is what a suspension of the selection says."""
    if suspended := suspension_said(text):
        yield "voted", LEFT_OUT, suspended


def _carried(text: str) -> Said:
    """Which places are carried over."""
    if carried := carried_said(text):
        yield "of", OF_UNITS if carries_recommendations(text) else OF_AWARD, carried


def _limit(text: str) -> Said:
    """From when the days count is read where the clause has all its time limits count from one day that a case knows."""
    said = start_said(text)
    if said is not None and said.start is not None:
        yield "starts", said.start.value, said.words


def _revocation(text: str) -> Said:
    for question, (answer, words) in revocation_said(text).items():
        yield question, answer, words


def _term(text: str) -> Said:
    """How many terms follow each other."""
    found = terms_in_a_row(squeezed(text))
    if found is not None:
        yield "most", str(found[0]), found[1]


def _expert_bar(text: str) -> Said:
    """The limit is read where the clause has one alone; its number with it."""
    found = expert_limits(text)
    if len(found) == 1:
        [(limit, value, words)] = found
        yield "limit", limit, words
        if value:
            yield "value", value, words
            yield "unit", LIMITS[limit].unit.value, words


_READERS: Mapping[AssistKind, Callable[[str], Said]] = {
    AssistKind.TIME_LIMIT: _limit,
    AssistKind.GROUP_PLACES: _groups,
    AssistKind.FURTHER_RECOMMENDATION: _further,
    AssistKind.REPORTS: _reports,
    AssistKind.TERM: _term,
    AssistKind.PRIZE: _prize,
    AssistKind.CALL: _call,
    AssistKind.EXPERT_BAR: _expert_bar,
    AssistKind.RECOMMENDATION: _recommended,
    AssistKind.BAR: _bar,
    AssistKind.CUT_OFF: _cut_off,
    AssistKind.CORRECTION: _correction,
    AssistKind.MAJORITY: _majority,
    AssistKind.OBJECTION_WINDOW: _objection,
    AssistKind.REVOCATION: _revocation,
    AssistKind.APPEAL: _appeal,
    AssistKind.TIE: _tie,
    AssistKind.POINTS_TIE: _points_tie,
    AssistKind.SUSPENSION: _suspension,
    AssistKind.CARRIED: _carried,
}
