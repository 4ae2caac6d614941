"""Numbers that a regulation gives for the first procedure of a place, each with the article that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.catalog.law_text.ballots_said import ballots_said, rounds_apart
from service.catalog.law_text.cycle import cycle_years
from service.catalog.law_text.numbers import DAYS, NUMERAL, whole
from service.catalog.law_text.objection_phases import objection_phases
from service.catalog.law_text.preset import Preset, ReadText, ReadValue, one_of, read_text, sentences, short, squeezed
from service.catalog.law_text.winners_notice import winners_notice


@dataclass(frozen=True, slots=True)
class _Sign:
    """Words that give a number; words of the passage, and of the sentence, that speak against it.

    ``working``: only working days fit, others are a doubt.
    """

    words: re.Pattern[str]
    unlike: re.Pattern[str] | None = None
    beside: re.Pattern[str] | None = None
    working: bool = True


_LEAST = "不少于|不得少于|不短于|不得短于|不低于|至少"
_NO_OBJECTION = re.compile("异议|举报")
_JUDGED = re.compile("异议|公示|举报")
_SIGNS: dict[str, tuple[_Sign, ...]] = {
    "window_days": (
        _Sign(
            re.compile(
                rf"(?<!再次)(?<!重复)申报(?:受理)?(?:期限?|时间|时限|通知)[^。；]{{0,12}}?(?:为期|为|{_LEAST}){DAYS}"
            ),
            None, re.compile("公示"), False,
        ),
        _Sign(
            re.compile(
                rf"(?<!再次)(?<!重复)申报(?:受理)?(?:期限?|时间|时限)[^。；]{{0,6}}?(?:公告|通知|通告)[^，。；]{{0,6}}?(?:之日|之日后|后|当日)?起{DAYS}"
            ),
            None, re.compile("公示"), False,
        ),
        _Sign(re.compile(rf"申报[^。；]{{0,12}}?(?:{_LEAST}){DAYS}"), None, re.compile("公示"), False),
        _Sign(
            re.compile(
                rf"(?:公告|通知|通告)[^。；，]{{0,8}}之日起至[^。；，]{{0,6}}(?:申报|报名|参评|申请)[^。；，]{{0,6}}截止[^。；]{{0,6}}?(?:{_LEAST}){DAYS}"
            ),
            None, re.compile("公示"), False,
        ),
        _Sign(
            re.compile(rf"公告(?:期|时间)(?:为期)?(?:{_LEAST}|为){DAYS}"), None, re.compile("公示|获奖"), False,
        ),
        _Sign(
            re.compile(
                rf"(?:(?:公告|通知|通告)(?:发布|印发|下发|公布|发出)|(?:发布|印发|下发|公布|发出)[^，。；]{{0,8}}(?:公告|通知|通告))(?:之日起|之日后|后|起|之日)?{DAYS}(?:之?内|以内)[^。；]{{0,30}}?(?:申报|报送|提交|提出申请)"
            ),
            None, re.compile("公示|异议"), False,
        ),
    ),
    "founded_years": (
        _Sign(re.compile(rf"(?:登记|注册|成立|运营|经营|生产|(?<!有效)运行)[^。；]{{0,16}}?{NUMERAL}个?(?:完整)?(?:年|会计年度)(?:以上|（含）|\(含\)|及以上)")),
        _Sign(re.compile(rf"(?:登记|注册|成立|运营|经营|生产)[^。；]{{0,10}}?(?:满|不少于|不低于|至少){NUMERAL}年")),
    ),
    "acceptance_days": (
        _Sign(
            re.compile(rf"{DAYS}(?:之?内|以内)[^。；]{{0,14}}?(?:资格审查|形式审查|审查|受理|审核)"),
            _NO_OBJECTION, re.compile("推荐意见|并将?推荐|并.{0,4}推荐|择优推荐"),
        ),
    ),
    "recommend_days": (
        _Sign(re.compile(rf"(?<!公示){DAYS}(?:之?内|以内)[^。；]{{0,24}}?推荐"), _NO_OBJECTION, re.compile("公示[^。；]{0,20}内|异议|举报")),
        _Sign(re.compile(rf"(?:推荐|初审)(?:期限|时限|时间)[^。；]{{0,10}}?{DAYS}"), _NO_OBJECTION, _JUDGED),
    ),
    "vote_days": (_Sign(re.compile(rf"(?:投票|表决)[^。；]{{0,10}}?{DAYS}"), None, re.compile("公示|异议|通知")),),
    "reviewers": (
        _Sign(re.compile(
            rf"(?:评审组|专家组|评审小组)(?:(?!委员|出席|到会)[^。；]){{0,40}}?(?:不少于|不得少于|至少|由|为){NUMERAL}(?![至到~—-])(?:名|人|位)"
            "(?![^，。；]{0,6}(?:委员|出席|到会))"
        )),
        _Sign(re.compile(
            rf"(?:评审专家|评审员)(?:(?!委员|出席|到会|库)[^。；]){{0,12}}?(?:不少于|不得少于|至少|由|为){NUMERAL}(?![至到~—-])(?:名|人|位)"
            "(?![^，。；]{0,6}(?:委员|出席|到会))"
        )),
        _Sign(re.compile(
            rf"(?:组成|组建|成立)(?:{_LEAST})?{NUMERAL}(?![至到~—-])(?:名|人|位)(?:及?以上)?(?:的)?(?:单数)?(?:的)?(?:评审组|专家组|评审小组)"
        )),
        _Sign(re.compile(rf"每[个]?组(?:专家|评审员|成员)?(?:人数)?(?:{_LEAST}){NUMERAL}(?![至到~—-])(?:名|人|位)")),
        _Sign(re.compile(rf"由{NUMERAL}(?:名|人|位)(?:及?以上|（含）以上)?[^，。；委员]{{0,6}}(?:专家|评审员)[^，。；]{{0,6}}组成")),
        _Sign(re.compile(
            rf"(?:选择|选取|抽取|选派|遴选|聘请)(?:{_LEAST})?{NUMERAL}(?![至到~—-])(?:名|人|位)(?:[（(][^）)]*[）)])?(?:及?以上)?(?:的)?(?:单数)?(?:的)?(?:评审员|评审专家|专家)"
            "(?=[^。；]{0,6}[，,]?(?:组成|组建|成立)|[^。；]{0,20}(?:评审组|专家组))"
        )),
    ),
}  # fmt: skip
_OF_A_TIER = "申报{name}(?:的|应|须|，)"
_NOMINATED = "提名奖"
"""A tier that is a rank by its name: who misses the prize itself is nominated."""


def presets_of(passages: Sequence[tuple[str, str]]) -> dict[str, Preset]:
    """Return what is found in ``passages`` (article, text) for each number; what is not found, or unsure, is left out."""
    return dict(read_numbers(passages).presets)


def read_numbers(passages: Sequence[tuple[str, str]]) -> ReadText:
    """Return what is found for each number, and what it might be where the text gives several."""
    kept = [(article, squeezed(text)) for article, text in passages]
    found = {key: _first(signs, kept) for key, signs in _SIGNS.items()}
    found["reviewers"] = _all(_SIGNS["reviewers"], kept)
    found |= {"notice_days": winners_notice(kept), **objection_phases(kept)}
    found["cycle_years"] = one_of(_cycles(kept))
    found["vote_ballots"] = one_of(_ballots(kept))
    return read_text(found)


def _ballots(passages: Sequence[tuple[str, str]]) -> Iterator[Preset]:
    """Yield how many ballots there are, from each passage that lets a vote be repeated or not."""
    for at, (article, text) in enumerate(passages):
        for sentence in () if rounds_apart(text) else sentences(text):
            told = ballots_said(sentence)
            if told is not None:
                yield Preset(told[0], article, at, said=short(sentence))


def _cycles(passages: Sequence[tuple[str, str]]) -> Iterator[Preset]:
    """Yield every how many years the award is given, from each passage that says it."""
    for at, (article, text) in enumerate(passages):
        cycle = cycle_years(text)
        if cycle is not None:
            yield Preset(str(cycle[0]), article, at, said=short(next(s for s in sentences(text) if cycle[1] in s)))


def are_categories(names: Iterable[str], text: str) -> bool:
    """Tell whether one applies for one of the tiers (organisations, teams), and none is a rank of another."""
    called = tuple(names)
    nominated = any(_NOMINATED in name for name in called)
    return not nominated and all(re.search(_OF_A_TIER.format(name=re.escape(name)), text) for name in called)


def _first(signs: Sequence[_Sign], passages: Sequence[tuple[str, str]]) -> ReadValue:
    """Return what the first sign that fits anywhere gives; several values of it are doubts."""
    doubts: tuple[Preset, ...] = ()
    for sign in signs:
        found = list(_read(sign, passages))
        sure = [preset for preset in found if not (sign.working and preset.calendar)]
        if sure:
            return one_of(sure)
        doubts = doubts or tuple(found)
    return ReadValue(None, doubts)


def _all(signs: Sequence[_Sign], passages: Sequence[tuple[str, str]]) -> ReadValue:
    """Return what all signs that fit give alike; where one clause says 5 and another 3, both are doubts."""
    return one_of(preset for sign in signs for preset in _read(sign, passages))


def _read(sign: _Sign, passages: Sequence[tuple[str, str]]) -> Iterator[Preset]:
    for at, (article, text) in enumerate(passages):
        if sign.unlike is not None and sign.unlike.search(text):
            continue
        for sentence in sentences(text):
            hit = sign.words.search(sentence)
            if hit is not None and not (sign.beside is not None and sign.beside.search(sentence)):
                unit = hit.groupdict().get("unit") or ""
                calendar = bool(unit) and "工作" not in unit
                yield Preset(str(whole(hit["n"])), article, at, calendar, short(sentence))
