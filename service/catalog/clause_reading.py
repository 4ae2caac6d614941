"""What the text of a clause says of the value that its assistant asks for; nothing where it could be read in two ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from service.catalog.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.clause_questions import MOST_PARTS
from service.catalog.law_text.attendance import attending
from service.catalog.law_text.ballots_said import ballots_said
from service.catalog.law_text.counted_from import counted_from
from service.catalog.law_text.cycle import cycle_years
from service.catalog.law_text.numbers import LawNumber, numbers_in, whole
from service.catalog.law_text.prize_times import times_of_parts
from service.catalog.law_text.year_days import year_day
from service.catalog.parameters import Unit

_DAYS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """The fields that the text fills, as somebody would type them; ``words`` are those of the text for each of them."""

    fields: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Said:
    """How a text says which of its numbers is meant: words around it, "before…number…after"; ``only``: no other is."""

    meant: str = ""
    never: str = ""
    only: bool = False


_OFFICE_ASKS = "#[^补]*(?:(?<!按)(?<!照)(?:告知|通知|要求)|退回|发出|是否)|#.*补正(?:通知|告知|的?意见)"
"""The office has so long to ask for a correction; that is not how long there is to correct."""
_VALUES: Mapping[AssistKind, _Said] = {
    AssistKind.TIME_LIMIT: _Said(never="延长.*#"),
    AssistKind.NOTICE: _Said(meant="公示.*#"),
    AssistKind.QUOTA: _Said(meant="(?:奖|名额|总数|获奖|授予|评选|评出|设).*#|#.*(?:获奖|授予|奖)"),
    AssistKind.PRIZE: _Said(meant="奖.*#|#.*(?:奖励|奖金)"),
    AssistKind.BAR: _Said(meant="#.*(?:不得|不再|不能|方可|才能|可以?再次|可重新)"),
    AssistKind.OBJECTION_WINDOW: _Said(meant="#.*(?:答复|办结|处理|回复)", never="延长.*#"),
    AssistKind.CORRECTION: _Said(
        meant="补正.*#|#.*补正|#.*(?:补齐|补充|补交|完善|修改)", never=_OFFICE_ASKS, only=True
    ),
    AssistKind.REVOCATION: _Said(meant="#.*(?:不得|不再|取消.*资格)"),
    AssistKind.REPORTS: _Said(meant="(?:连续|其后|此后|之后|后).*#|#.*报告"),
    AssistKind.CUT_OFF: _Said(meant="#.*(?:入围|候选|进入|参加|评选)|(?:低于|不足|达到|前)#"),
    AssistKind.VALIDITY: _Said(meant="有效期.*#|#.*有效"),
}
_ANSWERS: Mapping[AssistKind, Mapping[str, tuple[tuple[Unit, ...], _Said]]] = {
    AssistKind.PRIZE: {"pay_days": (_DAYS[1:], _Said(meant="#.*(?:拨付|发放|支付|兑现)"))},
    AssistKind.OBJECTION_WINDOW: {
        "extension": (_DAYS[:1], _Said(meant="延长.*#")),
        "investigation": (_DAYS[:1], _Said(meant="#[^答复办结]*(?:核查|调查|核实)[^答复办结]*$")),
        "acceptance": (_DAYS[:1], _Said(meant="#[^答复办结]*(?:是否|予以)受理[^答复办结]*$")),
    },
    AssistKind.REVOCATION: {"recovery_days": (_DAYS, _Said(meant="#.*(?:退回|交回|返还|缴回|退还|收回)"))},
}
"""Which further questions a text answers with a number, in which units; those are read where the words say so alone."""
_EARLIER, _LATER = re.compile("材料|资料|书面|文审|初审|初评"), re.compile("现场|答辩|陈述")
_HELD = re.compile("(?:相关|有关|该|被异议的?)(?:组织|单位|企业|个人|申报者)[^。；]{0,12}(?:中止|暂停|暂缓)")
"""An objection suspends those whom it concerns, nobody else."""
_TO_SECOND = re.compile(
    "(?:进入|参加|列入|开展|方可|入围)[^，。；]{0,10}(?:现场|答辩|陈述|第二阶段|复评)[^，。；]{0,4}"
)
_TO_VOTE = re.compile("候选(?:名单|组织|单位|对象)?|(?:提请|提交|进入)[^，。；]{0,10}(?:表决|投票|审议)")
_EQUALS = re.compile("(?:得分|分数|评分)相同[^。；]{0,14}(?:一并|均|都|同时)(?:进入|入围|列入)")
_RANK_SHARE = re.compile("(?:前|排名|名次)[^，。；]{0,4}$")
_ROUNDS = re.compile("(?:补正|补充)[^。；]{0,12}?(?:不超过|最多|至多|以)?([0-9]|[一二两三])次(?:为限|机会)?")
_BALLOTS = re.compile("票(?:数|率)?[^，]{0,4}$|票(?:数|率)?(?:超过|达到|不足|未达到?|不少于|不低于)[^，]{1,14}$")
_ATTEND, _AGREE = re.compile("出席|到会|参加|参会"), re.compile("同意|赞成|通过|票")


def read_clause(kind: AssistKind, text: str) -> ClauseReading:
    """Return what ``text`` says of the fields of the assistant ``kind``."""
    numbers = numbers_in(text)
    if kind is AssistKind.CYCLE:
        return _cycle(text)
    reader = _READERS.get(kind)
    read = reader(numbers) if reader is not None else _value(kind, numbers)
    if kind is AssistKind.PRIZE:
        read = _with_times(read, text, numbers)
    due = year_day(text) if kind is AssistKind.REPORTS else None
    if due is not None:
        read = ClauseReading({**read.fields, "due": due.typed}, {**read.words, "due": due.words})
    if kind is AssistKind.BAR:
        told = counted_from(text)
        read = ClauseReading(
            {**read.fields, **{key: answer for key, (answer, _) in told.items()}},
            {**read.words, **{key: words for key, (_, words) in told.items()}},
        )
    equals = _EQUALS.search(text) if kind is AssistKind.CUT_OFF else None
    if equals is not None:
        read = ClauseReading({**read.fields, "tie": "all"}, {**read.words, "tie": equals[0]})
    before = _cut_before(text) if kind is AssistKind.CUT_OFF else None
    if before is not None:
        read = ClauseReading({**read.fields, "before": before[0]}, {**read.words, "before": before[1]})
    rounds = _ROUNDS.search(text) if kind is AssistKind.CORRECTION else None
    if rounds is not None:
        read = ClauseReading({**read.fields, "rounds": str(whole(rounds[1]))}, {**read.words, "rounds": rounds[0]})
    again = ballots_said(text) if kind is AssistKind.MAJORITY else None
    if again is not None:
        read = ClauseReading({**read.fields, "ballots": again[0]}, {**read.words, "ballots": again[1]})
    held = _HELD.search(text) if kind is AssistKind.OBJECTION_WINDOW else None
    if held is None:
        return read
    return ClauseReading({**read.fields, "hold": "concerned"}, {**read.words, "hold": held[0]})


def _cycle(text: str) -> ClauseReading:
    """Every how many years the award is given."""
    found = cycle_years(text)
    if found is None:
        return ClauseReading()
    years, words = found
    return ClauseReading({"value": str(years), "unit": Unit.YEARS.value}, {"value": words})


def _cut_before(text: str) -> tuple[str, str] | None:
    """Return the step before which a cut-off lies, with its words; None where the text names none, or both."""
    second, vote = _TO_SECOND.search(text), _TO_VOTE.search(text)
    if (second is None) == (vote is None):
        return None
    return ("second", second[0]) if second else ("vote", vote[0]) if vote else None


def _value(kind: AssistKind, numbers: Sequence[LawNumber]) -> ClauseReading:
    units = ASSISTANTS[kind].units
    said = _VALUES.get(kind, _Said())
    kept = [n for n in numbers if n.unit in units and not n.of_people and not (said.never and _around(n, said.never))]
    if kind is AssistKind.CUT_OFF:  # a share of those ranked (前50%) is no share of the full marks
        kept = [n for n in kept if n.unit is not Unit.FRACTION or not _RANK_SHARE.search(n.before)]
    meant = [n for n in kept if said.meant and _around(n, said.meant)]
    found, words = {}, {}
    one = _only(meant if said.only else meant or kept)
    if any(n.part for n in kept) and len({(n.value, n.unit) for n in kept}) > 1:  # of all, or of one part of them
        one = None
    if one is not None:
        found = {"value": one.value, "unit": one.unit.value}
        words = {"value": one.words}
        if one.bound and one.unit is not Unit.YEARS:
            found["bound"] = one.bound
    for question, (counted, told) in _ANSWERS.get(kind, {}).items():
        answer = _only([n for n in numbers if n.unit in counted and _around(n, told.meant)])
        if answer is not None:
            found[question], words[question] = answer.value, answer.words
            if question == "recovery_days":
                found["recovery_unit"] = answer.unit.value
    return ClauseReading(found, words)


def _prize(numbers: Sequence[LawNumber]) -> ClauseReading:
    """The amount, and its parts where their shares make the whole."""
    read = _value(AssistKind.PRIZE, numbers)
    shares = [n for n in numbers if n.unit is Unit.FRACTION]
    if not 1 < len(shares) <= MOST_PARTS or sum(Fraction(n.value) for n in shares) != 1:
        return read
    parts = {f"share_{n}": _percent(one) for n, one in enumerate(shares, 1)}
    told = {f"share_{n}": one.words for n, one in enumerate(shares, 1)}
    return replace(read, fields={**read.fields, **parts}, words={**read.words, **told})


def _with_times(read: ClauseReading, text: str, numbers: Sequence[LawNumber]) -> ClauseReading:
    """Add when each part of a prize is paid, where the words beside its share say it."""
    if "share_1" not in read.fields:
        return read
    found, words = dict(read.fields), dict(read.words)
    times = times_of_parts(text, [n for n in numbers if n.unit is Unit.FRACTION])
    for number, time in enumerate(times, 1):
        if time is not None:
            found |= {f"when_{number}": time.when, f"at_{number}": time.at}
            words[f"when_{number}"] = time.words
    return ClauseReading(found, words)


def _majority(numbers: Sequence[LawNumber]) -> ClauseReading:
    """The share of votes, and the attendance: told apart by what those are asked to do."""
    shares = [n for n in numbers if n.unit is Unit.FRACTION]
    present = _only([n for n in shares if _ATTEND.search(n.after) and not _AGREE.search(n.after)])
    agreeing = _only([n for n in shares if _AGREE.search(n.after) or _BALLOTS.search(n.before)])
    found, words = {}, {}
    if agreeing is not None:
        found["value"] = f"{'>' if agreeing.over else '>='} {Fraction(agreeing.value)}"
        words["value"] = f"{'过' if agreeing.before.endswith('过') else ''}{agreeing.words}"
    heads = attending(numbers)
    if present is not None and heads is None:
        found["second"] = f"{'> ' if present.over else ''}{Fraction(present.value)}"
        words["second"] = present.words
    elif heads is not None and present is None:
        found["second"], words["second"] = heads.value, heads.words
    return ClauseReading(found, words)


def _weights(numbers: Sequence[LawNumber]) -> ClauseReading:
    """The shares of two stages where they make the whole, and which stage the second is: on site or before the panel."""
    shares = [n for n in numbers if n.unit is Unit.FRACTION]
    if len(shares) == 3:
        return _three_weights(shares)
    if len(shares) != 2 or sum(Fraction(n.value) for n in shares) != 1 or not all(map(_percent, shares)):
        return ClauseReading()
    first, second = shares
    stages = first.before, second.before.rpartition(first.words)[2]
    if any("分别" in stage for stage in stages):
        return ClauseReading()
    if _LATER.search(stages[0]) and not _LATER.search(stages[1]):
        if not _EARLIER.search(stages[1]):
            return ClauseReading()
        first, second, stages = second, first, (stages[1], stages[0])
    found = {"value": f"{_percent(first)}%", "unit": Unit.FRACTION.value, "second": f"{_percent(second)}%"}
    stage = {"stage": "defence"} if "答辩" in stages[1] else {}
    return ClauseReading({**found, **stage}, {"value": first.words, "second": second.words})


def _three_weights(shares: Sequence[LawNumber]) -> ClauseReading:
    """Three shares that make the whole, in the order of the stages: the first on paper, the others on site or heard."""
    if sum(Fraction(n.value) for n in shares) != 1 or not all(map(_percent, shares)):
        return ClauseReading()
    first, second, third = shares
    named = [first.before, second.before.rpartition(first.words)[2], third.before.rpartition(second.words)[2]]
    later = [_LATER.search(stage) for stage in named]
    if any("分别" in stage for stage in named) or later[0] or not (later[1] and later[2]):
        return ClauseReading()
    kinds = {
        question: "defence" if re.search("答辩|陈述", stage) else "site"
        for question, stage in zip(("stage", "third_stage"), named[1:], strict=True)
    }
    found = {"value": f"{_percent(first)}%", "unit": Unit.FRACTION.value, "second": f"{_percent(second)}%"}
    words = {"value": first.words, "second": second.words, "third": third.words}
    return ClauseReading({**found, "third": _percent(third), **kinds}, words)


def _around(number: LawNumber, pattern: str) -> bool:
    """Tell whether the words around a number, which stands for #, are like ``pattern``."""
    return re.search(pattern, f"{number.before}#{number.after}") is not None


def _only(numbers: Iterable[LawNumber]) -> LawNumber | None:
    """Return the number that is said, once or several times alike; None where there are several."""
    kept = {(n.value, n.unit): n for n in numbers}
    return next(iter(kept.values())) if len(kept) == 1 else None


def _percent(number: LawNumber) -> str:
    share = Fraction(number.value) * _WHOLE
    return str(share.numerator) if share.denominator == 1 else ""


_READERS: Mapping[AssistKind, Callable[[Sequence[LawNumber]], ClauseReading]] = {
    AssistKind.PRIZE: _prize,
    AssistKind.MAJORITY: _majority,
    AssistKind.WEIGHTS: _weights,
}
