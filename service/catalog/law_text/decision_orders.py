"""What one point of a decision orders, read from its first sign to its last: what is not understood is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from service.catalog.law_text.amendment_point import AmendmentAct, AmendmentPoint
from service.catalog.law_text.decision_formulas import FORMULAS, IN_FORCE, ORDER
from service.catalog.law_text.decision_wordings import own_places, wordings
from service.catalog.law_text.named_places import PLACES, part_of, places_in
from service.catalog.law_text.quoted_words import OPEN, QUOTE, quoted_words
from service.domain.wording.han_numerals import HAN_NUMERAL, read_han

_COUNT = re.compile(rf"(?:[0-9]{{1,9}}|{HAN_NUMERAL})")
_COUNTED = rf"{_COUNT.pattern}(?:个?工作日|个?自然日|个月|日|天|年|个|家|名|项|位|分|万元|元)"
_GAP = "(?:中|里)?的?"
_SUCH = "(?:字样|一词|的表述)?"
_TO = "(?:均|都|统一|一律|全部|相应)?(?:修改|调整|变更|改)为"
_GO = "(?:均|都|统一|一律|全部)?(?:删去|删除|去掉)"
_QUOTES = rf"{QUOTE}(?:\s*{QUOTE})*"
_EACH_QUOTED = rf"{QUOTE}(?:(?:、|和|及){QUOTE})*"
_END = r"(?=[。；;，,、\s]|$)"
_WORDING = rf"[:：，,]?\s*(?P<new>{_QUOTES}|(?<=[:：])[^{QUOTE}{OPEN}“”]+$)"
_LONGEST_SHOWN = 4000
"""So many signs of its point go with each order: one point may hold thousands of orders."""
_SEPARATORS = re.compile(r"[，,；;。、\s]*")
_LEAD = re.compile(r"(?:(?:并且|并|且|同时|另外|此外)[，,]?)?(?:其中[，,]?)?(?:将其|将|把|对|在|其中)?原?")
_REST = re.compile(r"[^，,；;。]*")
_ACTS = re.compile("修改为|改为|删去|删除|增加|作为")

Found: TypeAlias = tuple[list[AmendmentPoint], tuple[str, ...]]
"""The changes that an order makes, and the passages that the next one may leave unnamed."""


def orders_of(point: str) -> tuple[AmendmentPoint, ...]:
    """Return what ``point`` orders, in its order. Every word that is no order and no known formula comes as UNREAD."""
    return tuple(_Orders(point).read())


@dataclass
class _Orders:
    """Reads a point; knows which passages the order before it was about."""

    said: str
    about: tuple[str, ...] = ()
    at: int = 0
    unread: int = field(default=-1)

    def __post_init__(self) -> None:
        self.text = quoted_words(self.said)

    def read(self) -> Iterator[AmendmentPoint]:
        words = self.text.words
        while (begin := _past(_SEPARATORS, words, self.at)) < len(words):
            found, end = self._order(begin)
            if found is None:
                self.unread = begin if self.unread < 0 else self.unread
                self.at, self.about = _past(_REST, words, begin), ()
                continue
            yield from self._left(begin)
            yield from found[0]
            self.at, self.about = end, found[1]
        yield from self._left(len(words))

    def _left(self, end: int) -> Iterator[AmendmentPoint]:
        """Yield the words before ``end`` that nothing accounts for."""
        if self.unread >= 0:
            said = self.text.original(self.unread, end).strip("，,；;、 \n")
            yield AmendmentPoint(AmendmentAct.UNREAD, said)
            self.unread = -1

    def _order(self, begin: int) -> tuple[Found | None, int]:
        words = self.text.words
        for at in dict.fromkeys((begin, _past(_LEAD, words, begin))):
            for pattern, read in _ORDERS:
                if (match := pattern.match(words, at)) and (found := read(self, match)) is not None:
                    return found, match.end()
        return None, begin

    def point(self, act: AmendmentAct, place: str = "", text: str = "", old: str = "") -> AmendmentPoint:
        said = self.said if len(self.said) <= _LONGEST_SHOWN else f"{self.said[:_LONGEST_SHOWN]}…"
        return AmendmentPoint(act, said, place, text, old)

    def places(self, match: re.Match[str]) -> tuple[str, ...]:
        """Return the passages of an order: those it names, or those of the order before; () where that is not clear."""
        return tuple(place for place in self.worded(match) if place)

    def worded(self, match: re.Match[str]) -> tuple[str, ...]:
        """Return the passages whose words an order changes: "" is the whole text."""
        named = match["p"]
        if not named:
            return ("",) if match.groupdict().get("all") else self.about
        return places_in(named, self.about[-1] if self.about else "")

    def quoted(self, match: re.Match[str], name: str) -> tuple[str, ...]:
        return self.text.quoted(match.start(name), match.end(name))

    def wording(self, match: re.Match[str]) -> tuple[str, ...]:
        """Return the new wording: what is quoted, or all the rest where nothing is and nothing else is ordered."""
        if quotes := self.quoted(match, "new"):
            return quotes
        return () if _ACTS.search(match["new"]) else (match["new"],)


def _past(pattern: re.Pattern[str], words: str, at: int) -> int:
    found = pattern.match(words, at)
    return found.end() if found else at


def _words(reader: _Orders, match: re.Match[str]) -> Found | None:
    (old,), (new,) = reader.quoted(match, "old"), reader.quoted(match, "new")
    places = reader.worded(match)
    changes = [reader.point(AmendmentAct.WORDS, place, _counted(old, new), old) for place in places]
    return (changes, places) if places else None


def _numbers(reader: _Orders, match: re.Match[str]) -> Found | None:
    old, new, places = match["old"], match["new"], reader.worded(match)
    changes = [reader.point(AmendmentAct.WORDS, place, _counted(old, new), old) for place in places]
    return (changes, places) if places else None


def _words_gone(reader: _Orders, match: re.Match[str]) -> Found | None:
    gone, places = reader.quoted(match, "old"), reader.worded(match)
    changes = [reader.point(AmendmentAct.WORDS, place, "", old) for place in places for old in gone]
    return (changes, places) if places else None


def _removed(reader: _Orders, match: re.Match[str]) -> Found | None:
    places = reader.places(match)
    return ([reader.point(AmendmentAct.REMOVE, place) for place in places], places) if places else None


def _moved(reader: _Orders, match: re.Match[str]) -> Found | None:
    places, to = reader.places(match), places_in(match["to"])
    if not places or len(places) != len(to) or not all(one.endswith("条") for one in (*places, *to)):
        return None
    changes = [reader.point(AmendmentAct.MOVE, old, new) for old, new in zip(places, to, strict=True)]
    return changes, places


def _replaced(reader: _Orders, match: re.Match[str]) -> Found | None:
    places = reader.places(match)
    texts = wordings(places, reader.wording(match))
    changes = [reader.point(AmendmentAct.REPLACE, *one) for one in zip(places, texts, strict=False)]
    return (changes, places) if texts else None


def _added(reader: _Orders, match: re.Match[str]) -> Found | None:
    quotes, holders = reader.wording(match), reader.places(match)
    if match["kind"] == "条":
        places = places_in(match["to"]) if match["to"] else own_places(quotes)
        places = places if all(re.fullmatch(rf"第{HAN_NUMERAL}条", place) for place in places) else ()
    else:
        holder = match["p"] if (match["p"] or "").endswith("部分") else holders[-1] if len(holders) == 1 else ""
        places = part_of(holder, match["to"] or "")
    count = read_han(match["count"]) or int("0" + re.sub(r"\D", "", match["count"]))
    texts = wordings(places, quotes)
    if not texts or count != len(places):
        return None
    changes = [reader.point(AmendmentAct.ADD, *one) for one in zip(places, texts, strict=True)]
    return changes, places


def _ordered(reader: _Orders, _match: re.Match[str]) -> Found | None:
    return [reader.point(AmendmentAct.ORDER)], ()


def _in_force(reader: _Orders, match: re.Match[str]) -> Found | None:
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return [reader.point(AmendmentAct.IN_FORCE, text=day.isoformat())], ()


def _known(reader: _Orders, _match: re.Match[str]) -> Found | None:
    return [], reader.about


_P = f"(?P<p>{PLACES})"
_TEXT = "(?:本|该|原)?(?:条例|办法|规定|细则|规则|规程|章程|《[^《》]{1,60}》)"
_IN = rf"(?:{_P}|(?P<all>{_TEXT}(?:全文|各条款?|条文|其他(?:各)?条款?)?|全文|通篇|全部条文|各条款?|其他(?:各)?条款?))?{_GAP}"
"""Where words change: in the passages named, or throughout the text."""
_ADDING = (
    rf"(?:(?P<p>{PLACES}|第{HAN_NUMERAL}部分)(?:之后|以后|后面|后|之前|前|中|末尾)?[，,]?)?"
    rf"增加(?P<count>{HAN_NUMERAL}|两|[0-9]{{1,2}})个?(?P<kind>[条款项目点])[，,]?"
    rf"(?:(?:分别|依次)?作为(?P<to>{PLACES}|第?[0-9]{{1,2}}[点目项]|第?{HAN_NUMERAL}[点目]))?"
)
_ORDERS: tuple[tuple[re.Pattern[str], Callable[[_Orders, re.Match[str]], Found | None]], ...] = (
    (re.compile(rf"{_IN}(?P<old>{QUOTE}){_SUCH}{_TO}(?P<new>{QUOTE})(?:字样)?{_END}"), _words),
    (re.compile(rf"{_IN}(?P<old>{_COUNTED}){_TO}(?P<new>{_COUNTED}|{_COUNT.pattern}){_END}"), _numbers),
    (re.compile(rf"{_GO}{_IN}(?P<old>{_EACH_QUOTED}){_SUCH}{_END}"), _words_gone),
    (re.compile(rf"{_IN}(?P<old>{_EACH_QUOTED}){_SUCH}(?:予以)?{_GO}{_END}"), _words_gone),
    (re.compile(rf"{_P}(?:依次|分别|相应)?(?:修改为|改为|改作|调整为|变更为|作为)(?P<to>{PLACES}){_END}"), _moved),
    (re.compile(rf"{_P}?(?:修改|改)为{_WORDING}"), _replaced),
    (re.compile(rf"(?:删去|删除|取消|废止){_P}{_END}"), _removed),
    (re.compile(rf"{_P}(?:予以)?(?:删去|删除|废止){_END}"), _removed),
    (re.compile(rf"{_ADDING}{_WORDING}"), _added),
    (IN_FORCE, _in_force),
    (ORDER, _ordered),
    *((pattern, _known) for pattern in FORMULAS),
)
"""How orders are worded, those that say more before those that say less."""


def _counted(old: str, new: str) -> str:
    """Return the new words; a number alone counts what the old one counted: 5个工作日 becomes 7, which is 7个工作日."""
    unit = _COUNT.sub("", old, count=1) if re.fullmatch(_COUNTED, old) else ""
    return new + unit if unit and _COUNT.fullmatch(new) else new
