"""The passages that a sentence of a decision names: one, several, or all from one to another."""

from __future__ import annotations

import re

from service.domain.wording.han_numerals import HAN_NUMERAL, read_han, write_han

_ITEM = rf"第[（(]?{HAN_NUMERAL}[)）]?项"
_ARTICLE = rf"第{HAN_NUMERAL}条(?:第{HAN_NUMERAL}款)?(?:{_ITEM})?(?:第{HAN_NUMERAL}段)?"
_ROW = rf"第{HAN_NUMERAL}(?:[、和及与至到](?:第)?{HAN_NUMERAL}){{1,40}}条"
_PART = rf"(?:第{HAN_NUMERAL}款(?:{_ITEM})?|{_ITEM})(?:第{HAN_NUMERAL}段)?"
_OUTLINE = (
    rf"(?:第?{HAN_NUMERAL}(?:部分|章|节|、)?)?第?[（(]{HAN_NUMERAL}[)）](?:条|款|项)?"
    r"(?:第?[（(]?[0-9]{1,2}[)）]?(?:项|目|点)?)?"
)
"""A passage of a text in parts and numbers: 二（一）, 第二部分第（一）项, 第（十一）条第2项."""
_ONE = rf"(?:{_ROW}|{_ARTICLE}|{_PART}|{_OUTLINE})"
_JOINED = "(?:、|，?以及|及|和|与|至|到)"
PLACES = rf"{_ONE}(?:{_JOINED}{_ONE}){{0,40}}"
"""第十三条、第十五条, 第八条至第十条, 第八、九条, 第九条第一款和第二款."""
_NEXT = re.compile(
    rf"(?P<joined>{_JOINED})?(?:(?P<row>{_ROW})|(?P<article>{_ARTICLE})|(?P<part>{_PART})|(?P<outline>{_OUTLINE}))"
)
_PARTS = re.compile(
    rf"(?:第?({HAN_NUMERAL})(?:部分|章|节|、)?)?第?[（(]({HAN_NUMERAL})[)）](?:条|款|项)?"
    r"(?:第?[（(]?([0-9]{1,2})[)）]?(?:项|目|点)?)?"
)
_NUMBER = re.compile(rf"第?[（(]?({HAN_NUMERAL}|[0-9]{{1,2}})[)）]?[款项目点]")
_HELD = re.compile(rf"(第{HAN_NUMERAL}条)((?:第{HAN_NUMERAL}款)?)")
_NUMBERED = re.compile(rf"(?P<head>.*第（?)(?P<number>{HAN_NUMERAL})(?P<tail>）?[条款项])")
_LONGEST_ROW = 60


def places_in(named: str, before: str = "") -> tuple[str, ...]:
    """Return the passages that ``named`` names, as registers name them; () where it does not say which these are.

    ``before`` is the passage that a part without its article belongs to: 第二款 behind 第九条第一款 is 第九条第二款.
    """
    found: list[str] = []
    for one in _NEXT.finditer(named):
        more = (
            _row(one["row"])
            if one["row"]
            else [_full(one[0][len(one["joined"] or "") :], found[-1] if found else before)]
        )
        if one["joined"] in ("至", "到"):
            more = _between(found[-1], more[0]) if found and len(more) == 1 else []
        if not more or "" in more:
            return ()
        found.extend(more)
    return tuple(dict.fromkeys(found))


def part_of(holder: str, number: str) -> tuple[str, ...]:
    """Return the parts of ``holder`` that ``number`` names: 第（五）项 of 第九条; 第3点 of 第二部分第（一）项 is 二（一）3."""
    if not holder or _HELD.match(holder) or re.match(rf"第{HAN_NUMERAL}条", number):
        return places_in(number, holder)
    found = _NUMBER.fullmatch(number)
    section, _, point = holder.removeprefix("第").partition("部分")
    if found is None:
        return ()
    if not point and holder.endswith("部分"):
        return (f"{section}（{found[1]}）",)
    count = found[1] if found[1].isdecimal() else str(read_han(found[1]))
    return (canonical(holder) + count,)


def canonical(named: str) -> str:
    """Return a passage as registers name it: 第九条第三项 as 第九条第（三）项, 第二部分第（一）项 as 二（一）."""
    if not re.match(rf"第{HAN_NUMERAL}条", named) and (found := _PARTS.fullmatch(named)):
        return f"{found[1] or ''}（{found[2]}）{found[3] or ''}"
    return re.sub(rf"第[（(]?({HAN_NUMERAL})[)）]?项", r"第（\1）项", named)


def _full(named: str, before: str) -> str:
    if not re.fullmatch(_PART, named):
        return canonical(named)
    held = _HELD.match(before)
    if held is None:
        return canonical(named) if _PARTS.fullmatch(named) else ""
    return canonical((held[1] if re.match(rf"第{HAN_NUMERAL}款", named) else held[0]) + named)


def _row(named: str) -> list[str]:
    """Return the articles of 第十三、十五条, 第八至十条."""
    signs = re.findall(rf"{HAN_NUMERAL}|[至到]", named)
    found: list[str] = []
    through = False
    for sign in signs:
        place, more = f"第{sign}条", sign in "至到"
        if through and not more:
            between = _between(found[-1], place)
            if not between:
                return []
            found.extend(between)
        elif not more:
            found.append(place)
        through = more
    return found


def _between(first: str, last: str) -> list[str]:
    """Return what follows ``first`` up to ``last``; [] where they are not counted together."""
    begin, end = _NUMBERED.fullmatch(first), _NUMBERED.fullmatch(last)
    if begin is None or end is None or (begin["head"], begin["tail"]) != (end["head"], end["tail"]):
        return []
    numbers = range(read_han(begin["number"]) + 1, read_han(end["number"]) + 1)
    if not 0 < len(numbers) <= _LONGEST_ROW:
        return []
    return [f"{end['head']}{write_han(number)}{end['tail']}" for number in numbers]
