"""Read a decision that amends a regulation (修改决定): what each of its sentences wants changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from service.catalog.law_text.paragraphs import paragraphs_of
from service.domain.han_numerals import HAN_NUMERAL, read_han

_ARTICLE = rf"第{HAN_NUMERAL}条(?:第{HAN_NUMERAL}款)?(?:第[（(]?{HAN_NUMERAL}[)）]?项)?(?:第{HAN_NUMERAL}段)?"
_OUTLINE = (
    rf"(?:第?{HAN_NUMERAL}(?:部分|章|节|、)?)?第?[（(]{HAN_NUMERAL}[)）](?:条|款|项)?"
    r"(?:第?[（(]?[0-9]{1,2}[)）]?(?:项|目|点)?)?"
)
"""A passage of a text in parts and numbers: 二（一）, 第二部分第（一）项, 第（十一）条第2项."""
_NAMED = rf"(?:{_ARTICLE}|{_OUTLINE})"
_QUOTED = r"[“\"「]([^”\"」]{0,2000})[”\"」]"
_NUMBER = re.compile(rf"^(?:{HAN_NUMERAL}[、．.]|[（(]{HAN_NUMERAL}[)）]|\d{{1,2}}[.．、])\s*")
_WORDS = re.compile(rf"({_NAMED})(?:中)?的?{_QUOTED}(?:字样)?(?:修改|改)为{_QUOTED}")
_COUNTED = rf"(?:[0-9]{{1,9}}|{HAN_NUMERAL})(?:个?工作日|个?自然日|个月|日|天|年|个|家|名|项|位|分|万元|元)"
_COUNT = re.compile(rf"(?:[0-9]{{1,9}}|{HAN_NUMERAL})")
_TURNS = rf"({_COUNTED})(?:修改|改)为({_COUNTED}|{_COUNT.pattern})"
_NUMBERS = re.compile(
    rf"({_NAMED})(?:中)?的?{_TURNS}(?=[。；;，,、]|$)((?:[，,、](?:将|把)?{_TURNS}(?=[。；;，,、]|$))*)"
)
"""Numbers without quotation marks, of one passage: 第十一条中的5个工作日改为7，10个工作日改为15个工作日."""
_TURN = re.compile(_TURNS)
_TURNED = re.compile("改为")
_SAID = re.compile(r"[“「][^”」]*(?:[”」]|$)")
_WORDS_GONE = re.compile(rf"(?:删去|删除)({_NAMED})(?:中)?的?{_QUOTED}")
_REPLACED = re.compile(rf"({_NAMED})(?:修改|改)为[:：]?\s*(.*)$", re.DOTALL)
_REMOVED = re.compile(rf"(?:删去|删除)({_NAMED}(?:、{_NAMED})*)")
_ADDED = re.compile(rf"增加(?:一|{HAN_NUMERAL})?[条款项]?.{{0,4}}作为({_NAMED})[:：]?\s*(.*)$", re.DOTALL)
_HOLDER = rf"(?:第{HAN_NUMERAL}条(?:第{HAN_NUMERAL}款)?|第{HAN_NUMERAL}部分(?:第?[（(]{HAN_NUMERAL}[)）]项?)?)"
_ADDED_PART = re.compile(
    rf"({_HOLDER})中?增加(?:一|{HAN_NUMERAL})?[款项目点][^。；“”]{{0,4}}作为第?[（(]?({HAN_NUMERAL}|[0-9]{{1,2}})[)）]?([款项目点])[:：，,]?"
    r"\s*(“.*)$",
    re.DOTALL,
)
"""A paragraph, item or point of a passage: 第九条增加一项，作为第三项：“……”."""
_MOVED = re.compile(
    rf"(?:将|把)?(第{HAN_NUMERAL}条)(?:修改为|改为|改作|调整为|变更为|作为)(第{HAN_NUMERAL}条)(?=[，,。；;、]|$)"
)
"""An article that the decision itself gives its new number: 将第十二条改为第十三条，修改为：…"""
_ORDER = re.compile(
    r"(?:条文|条款|条目|条|款|项|章节)(?:的)?(?:顺序|序号|编号|次序)[^。；“”]{0,6}(?:相应)?[^。；“”]{0,6}(?:调整|重新)"
    r"|(?:相应|重新)[^。；“”]{0,4}(?:调整|排列|编排)[^。；“”]{0,4}(?:条文|条款|条)?[^。；“”]{0,2}(?:顺序|序号|编号|次序)"
    r"|根据本决定作相应(?:的)?(?:修改|修订|调整)"
)
"""The sentence that lets the articles behind one that goes move up."""
_MARKS = '“”"「」 \n'
_PARTS = re.compile(
    rf"(?:第?({HAN_NUMERAL})(?:部分|章|节|、)?)?第?[（(]({HAN_NUMERAL})[)）](?:条|款|项)?"
    r"(?:第?[（(]?([0-9]{1,2})[)）]?(?:项|目|点)?)?"
)
_OWN_NUMBER = re.compile(rf"^(?:第{HAN_NUMERAL}条\s*|[（(]{HAN_NUMERAL}[)）]\s*)")


class AmendmentAct(StrEnum):
    """What a sentence of a decision does."""

    REPLACE = "replace"
    WORDS = "words"
    REMOVE = "remove"
    ADD = "add"
    MOVE = "move"
    ORDER = "order"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class AmendmentPoint:
    """One change that the decision orders: ``said`` is its sentence, ``place`` the passage meant.

    ``text`` is the new wording of the passage; for words ``old`` becomes ``text``. MOVE gives the article ``place`` the
    number of ``text``; ORDER lets the articles follow each other again (条文顺序作相应调整).
    """

    act: AmendmentAct
    said: str
    place: str = ""
    text: str = ""
    old: str = ""


def read_decision(text: str) -> tuple[AmendmentPoint, ...]:
    """Return what a decision orders, in its order; a numbered point that is not understood comes as ``unread``."""
    return tuple(change for point in _points(text) for change in _changes(point))


def _points(text: str) -> list[str]:
    """Return the numbered points, each with the paragraphs of the wording that it quotes."""
    points: list[str] = []
    open_quote = False
    for paragraph in paragraphs_of(text):
        line = paragraph.text
        if not open_quote and (_NUMBER.match(line) or _reads(line)):
            points.append(_NUMBER.sub("", line))
        elif open_quote and points:
            points[-1] += "\n" + line
        else:
            continue
        open_quote = points[-1].count("“") > points[-1].count("”")
    return points


def _reads(line: str) -> bool:
    signs = (_WORDS, _NUMBERS, _WORDS_GONE, _REPLACED, _REMOVED, _ADDED, _ADDED_PART, _ORDER)
    return any(pattern.search(line) for pattern in signs)


def _changes(point: str) -> list[AmendmentPoint]:
    if part := _ADDED_PART.search(point):
        return [AmendmentPoint(AmendmentAct.ADD, point, _part(part[1], part[2], part[3]), _wording(part[4]))]
    if added := _ADDED.search(point):
        return [AmendmentPoint(AmendmentAct.ADD, point, _place(added[1]), _wording(added[2]))]
    outside = _outside(point)
    moved = [AmendmentPoint(AmendmentAct.MOVE, point, m[1], m[2]) for m in _MOVED.finditer(outside)]
    if moved:
        return [*moved, *_of_moved(point, outside, moved[-1])]
    if _ORDER.search(outside) and not _REPLACED.search(outside):
        also = _changes(rest) if _REMOVED.search(rest := _ORDER.sub("", point)) else []
        return [*(replace(one, said=point) for one in also), AmendmentPoint(AmendmentAct.ORDER, point)]
    replaced = _REPLACED.search(outside)
    start = replaced.start() if replaced else len(point)
    head, wholes = point[:start], [_REPLACED.match(point, start)] if replaced else []
    turned = [_words(point, m[1], m[2], m[3]) for m in _WORDS.finditer(head)]
    turned += [_words(point, *one) for one in _numbers(outside[:start])]
    found = turned + [_words(point, m[1], m[2], "") for m in _WORDS_GONE.finditer(head)]
    found += [AmendmentPoint(AmendmentAct.REPLACE, point, _place(m[1]), _wording(m[2])) for m in wholes if m]
    if found:
        unread = len(_TURNED.findall(outside[:start])) > len(turned)
        return [*found, *([AmendmentPoint(AmendmentAct.UNREAD, point)] if unread else [])]
    if gone := _REMOVED.search(point):
        return [AmendmentPoint(AmendmentAct.REMOVE, point, _place(place)) for place in gone[1].split("、")]
    return [AmendmentPoint(AmendmentAct.UNREAD, point)]


def _of_moved(point: str, outside: str, moved: AmendmentPoint) -> list[AmendmentPoint]:
    """Return what else a point says of the article that it moves: a new wording, or other words; by its old number."""
    end = list(_MOVED.finditer(outside))[-1].end()
    rest = point[end:].lstrip("，,；;。、 ").removeprefix("并").removeprefix("将其")
    if not rest.strip():
        return []
    found = _changes(moved.place + rest.removeprefix("其中"))
    return [replace(one, said=point) for one in found]


def _words(point: str, place: str, old: str, new: str) -> AmendmentPoint:
    return AmendmentPoint(AmendmentAct.WORDS, point, _place(place), _counted(old, new) if new else "", old)


def _numbers(outside: str) -> Iterator[tuple[str, str, str]]:
    """Yield each number that changes, with its passage: (第八条, 5个工作日, 7)."""
    for found in _NUMBERS.finditer(outside):
        yield found[1], found[2], found[3]
        for old, new in _TURN.findall(found[4]):
            yield found[1], old, new


def _outside(point: str) -> str:
    """Return a point with blanks for what it quotes, of the same length."""
    return _SAID.sub(lambda quoted: " " * len(quoted[0]), point)


def _counted(old: str, new: str) -> str:
    """Return the new words; a number alone counts what the old one counted: 5个工作日 becomes 7, which is 7个工作日."""
    unit = _COUNT.sub("", old, count=1) if re.fullmatch(_COUNTED, old) else ""
    return new + unit if unit and _COUNT.fullmatch(new) else new


def _part(holder: str, number: str, kind: str) -> str:
    """Return a part of a passage as registers name it: 第九条 and 三 as 第九条第（三）项, 第二部分第（一）项 and 3 as 二（一）3."""
    if holder.endswith(("条", "款")):
        return f"{holder}第{number}款" if kind == "款" else f"{holder}第（{number}）项"
    section, _, point = holder.removeprefix("第").partition("部分")
    if not point:
        return f"{section}（{number}）"
    count = number if number.isdecimal() else str(read_han(number))
    return f"{section}{_place(point)}{count}"


def _place(named: str) -> str:
    """Return a passage as registers name it: 第九条第三项 as 第九条第（三）项, 第二部分第（一）项 as 二（一）."""
    if not re.match(rf"第{HAN_NUMERAL}条", named) and (found := _PARTS.fullmatch(named)):
        return f"{found[1] or ''}（{found[2]}）{found[3] or ''}"
    return re.sub(rf"第[（(]?({HAN_NUMERAL})[)）]?项", r"第（\1）项", named)


def _wording(text: str) -> str:
    return _OWN_NUMBER.sub("", text.strip(_MARKS)).strip(_MARKS)
