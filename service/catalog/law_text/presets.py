"""Numbers that a regulation gives for the first procedure of a place, each with the article that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.catalog.law_text.cycle import cycle_of
from service.catalog.law_text.numbers import DAYS, NUMERAL, whole


@dataclass(frozen=True, slots=True)
class Preset:
    """A value as somebody would type it, with the article where it stands; ``calendar`` where days of rest count.

    ``at`` is the place of the passage among those that were looked through.
    """

    value: str
    article: str
    at: int
    calendar: bool = False


@dataclass(frozen=True, slots=True)
class _Sign:
    """Words that give a number, and words of the passage that speak against it; ``working``: only working days fit."""

    words: re.Pattern[str]
    unlike: re.Pattern[str] | None = None
    working: bool = True


_POSTED = (
    "公示(?:期限?|时间|时限)?(?:一般|应当|应)?"
    rf"(?:为期|为|不少于|不得少于|不低于|不得低于|不短于|不得短于|至少)?{DAYS}"
)
_SIGNS: dict[str, tuple[_Sign, ...]] = {
    "window_days": (
        _Sign(
            re.compile(rf"申报(?:受理)?(?:期限?|时间|时限|通知)?[^。；]{{0,12}}?(?:不少于|不得少于|不短于|不得短于|至少){DAYS}"),
            re.compile("公示"), False,
        ),
        _Sign(re.compile(rf"公告(?:期|时间)(?:为期)?(?:不少于|不得少于|不短于|不得短于|至少|为){DAYS}"), re.compile("公示|获奖"), False),
    ),
    "founded_years": (
        _Sign(re.compile(rf"(?:登记|注册|成立|运营|经营|生产|运行).{{0,16}}?{NUMERAL}个?(?:完整)?(?:年|会计年度)(?:以上|（含）|\(含\)|及以上)")),
        _Sign(re.compile(rf"(?:登记|注册|成立|运营|经营|生产).{{0,10}}?满{NUMERAL}年")),
    ),
    "acceptance_days": (
        _Sign(re.compile(rf"{DAYS}(?:之?内|以内).{{0,14}}?(?:资格审查|形式审查|审查|受理|审核)"), re.compile("异议|举报")),
    ),
    "recommend_days": (
        _Sign(re.compile(rf"{DAYS}(?:之?内|以内)[^。；]{{0,24}}?推荐"), re.compile("异议|公示|举报")),
        _Sign(re.compile(rf"推荐(?:期限|时限|时间)[^。；]{{0,10}}?{DAYS}"), re.compile("异议|公示|举报")),
    ),
    "vote_days": (_Sign(re.compile(rf"(?:投票|表决).{{0,10}}?{DAYS}")),),
    "notice_days": (
        _Sign(re.compile(_POSTED), re.compile("资格审查|申报名单|受理名单|推荐"), False),
        _Sign(re.compile(_POSTED), None, False),
    ),
    "objection_days": (_Sign(re.compile(rf"(?:收到|接到|受理)(?:该|书面)?异议.{{0,10}}?{DAYS}")),),
    "reviewers": (
        _Sign(re.compile(
            rf"(?:评审组|专家组|评审小组)(?:(?!委员|出席|到会)[^。；]){{0,40}}?(?:不少于|不得少于|至少|由|为){NUMERAL}(?![至到~—-])(?:名|人|位)"
            "(?![^，。；]{0,6}(?:委员|出席|到会))"
        )),
        _Sign(re.compile(
            rf"(?:评审专家|评审员)(?:(?!委员|出席|到会|库)[^。；]){{0,12}}?(?:不少于|不得少于|至少|由|为){NUMERAL}(?![至到~—-])(?:名|人|位)"
            "(?![^，。；]{0,6}(?:委员|出席|到会))"
        )),
        _Sign(re.compile(rf"由{NUMERAL}(?:名|人|位)(?:及?以上|（含）以上)?[^，。；委员]{{0,6}}(?:专家|评审员)[^，。；]{{0,6}}组成")),
    ),
}  # fmt: skip
_PLACES = re.compile(
    rf"(?P<name>[\u4e00-\u9fff]{{2,12}}?奖)(?:每[届次年])?(?:名额|总数|数量)?(?:原则上|一般)?(?:不得?超过|不得?多于|最多|至多){NUMERAL}(?:个|家|名|项)"
)
_PLACES_SET = re.compile(
    rf"(?:设|设立|评选|评出|授予|、|，|和|及|：|^)(?P<name>[\u4e00-\u9fff]{{2,10}}?奖)(?:各|为)?{NUMERAL}(?:个|家|名|项)(?=[、，。；和及]|$)"
)
"""“设质量奖3名、提名奖5名”: places without a word for the bound, which they are."""
_OF_A_TIER = "申报{name}(?:的|应|须|，)"
_BEFORE_A_NAME = re.compile("^(?:每届|每次|其中|设|和|及|以及|，)+")


def presets_of(passages: Sequence[tuple[str, str]]) -> dict[str, Preset]:
    """Return what is found in ``passages`` (article, text) for each number; what is not found is left out."""
    found: dict[str, Preset] = {}
    for key, signs in _SIGNS.items():
        first = next((preset for sign in signs for preset in _read(sign, passages)), None)
        if first is not None:
            found[key] = first
    cycle = cycle_of(passages)
    if cycle is not None and cycle[0] > 1:
        found["cycle_years"] = Preset(str(cycle[0]), cycle[1], cycle[2])
    return found


def tiers_of(passages: Iterable[tuple[str, str]]) -> tuple[tuple[str, int, str], ...]:
    """Return the tiers that the text gives places to: name, places and article, in the order of the text."""
    tiers: dict[str, tuple[str, int, str]] = {}
    for article, text in passages:
        for hit in (*_PLACES.finditer(text), *_PLACES_SET.finditer(text)):
            name = _BEFORE_A_NAME.sub("", hit["name"])
            tiers.setdefault(name, (name, whole(hit["n"]), article))
    return tuple(tiers.values())


def are_categories(names: Iterable[str], text: str) -> bool:
    """Tell whether one applies for one of the tiers (organisations, teams), and none is a rank of another."""
    return all(re.search(_OF_A_TIER.format(name=re.escape(name)), text) for name in names)


def _read(sign: _Sign, passages: Sequence[tuple[str, str]]) -> Iterator[Preset]:
    for at, (article, text) in enumerate(passages):
        hit = sign.words.search(text)
        if hit is None or (sign.unlike is not None and sign.unlike.search(text)):
            continue
        unit = hit.groupdict().get("unit") or ""
        calendar = bool(unit) and "工作" not in unit
        if not (calendar and sign.working):
            yield Preset(str(whole(hit["n"])), article, at, calendar)
