"""Where what was typed into an assistant is not what the text of its clause says: such an answer is the place's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from service.catalog.assistants.clause_reading import ClauseReading
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.clause_kinds.phase_days import read_phase_days
from service.catalog.new_city.grounds import labels_in
from service.catalog.new_city.stated_bounds import says_number
from service.catalog.parameters.parameters import Unit
from service.domain.text import Text
from service.domain.values.exact_number import exact_number

_HAPPENED = re.compile("^(?:发生|出现|存在|有)过?")
_JOINED = re.compile("[，,、；;]|或者?|以及|及|和")
_PARTS = re.compile(r"(?:share|when|at)_\d+")


@dataclass(frozen=True, slots=True)
class Departures:
    """The fields that say something else than the text, with its words; ``loosest`` is the number of the bound it draws.

    ``second`` is the number that the text gives for the second value, "" where it gives none.

    ``unsaid`` are the questions that were answered in words which the text has not: they speak against nothing in it.
    """

    fields: Mapping[str, str]
    loosest: str = ""
    second: str = ""
    unsaid: frozenset[str] = frozenset()

    @property
    def answers(self) -> frozenset[str]:
        """The questions whose answers are not those of the text; the parts of a prize are one."""
        return frozenset("parts" if _PARTS.fullmatch(name) else name for name in self.fields) - {"value", "second"}

    @property
    def remark(self) -> Text | None:
        """What the text says instead, in a sentence; None where nothing departs from it."""
        if not self.fields:
            return None
        said = list(dict.fromkeys(self.fields.values()))
        return Text(
            f"条文写的是{'、'.join(f'“{words}”' for words in said)}，这里填的不同：写成条文没有写明的、由本地选定。",
            f"The text says {', '.join(f'“{words}”' for words in said)}, something else was entered: it is written as the "
            "place's own choice, not as what the text says.",
        )


def departures(reading: ClauseReading, typed: Mapping[str, str], bound: str, text: str = "") -> Departures:
    """Return where ``typed`` (fields as somebody typed them, with the unit of the value) is not what was read.

    ``bound`` is the side that was chosen: where the text draws it too, it is drawn at the number of the text. A number in
    another unit that stands in ``text`` is what it says as well: of 不足550分或者位列第15名以后 each is written by itself.
    """
    unit = reading.fields.get("unit", "")
    same_unit = not unit or typed.get("unit", "") in ("", unit)
    found = {
        key: words
        for key, words in reading.words.items()
        if typed.get(key, "").strip()
        and not _alike(*(_bare(key, said) for said in (typed[key], reading.fields[key])))
        and not (key == "ground" and _of_one_list(typed[key], reading.fields[key]))
    }
    for key in list(found) + list(reading.words):  # beside what kind of time stands which one
        at = f"at_{key.removeprefix('when_')}"
        if key.startswith("when_") and typed.get(key) and typed.get(at, "").strip() != reading.fields.get(at, ""):
            found[key] = reading.words[key]
    said_too = not same_unit and _stands_in(text, typed)
    if said_too:
        found.pop("value", None)
    elif "value" in reading.words and typed.get("value", "").strip() and not same_unit:
        found["value"] = reading.words["value"]
    draws = bool(bound) and same_unit and reading.fields.get("bound") == bound
    return Departures(found, reading.fields["value"] if draws else "", reading.fields.get("second", ""))


def _stands_in(text: str, typed: Mapping[str, str]) -> bool:
    """Tell whether the value that was typed stands in ``text`` in the unit that was chosen."""
    try:
        unit = Unit(typed.get("unit", ""))
    except ValueError:
        return False
    return says_number(text, typed.get("value", "").strip(), unit)


def _of_one_list(typed: str, read: str) -> bool:
    """Tell whether the grounds that were typed are some of the text's, or all of them beside those of other items.

    Each ground may have a bar of its own, and the items of one list have the same bar.
    """
    grounds = labels_in(typed)
    return all(one in read for one in grounds) or all(any(one in said for said in grounds) for one in labels_in(read))


def _bare(key: str, said: str) -> str:
    """Return what was said; of something that did not happen without its verb and what joins it: 发生事故 and 事故 are one."""
    return _JOINED.sub("", _HAPPENED.sub("", said.strip())) if key == "what" else said


def unsaid_answers(
    questions: Iterable[ClauseQuestion], fields: Mapping[str, str], reading: ClauseReading, text: str
) -> frozenset[str]:
    """Return the questions answered in words, or with a number, that ``text`` has nowhere: the place's own choice."""
    found: set[str] = set()
    for question in questions:
        typed = fields.get(question.id, "").strip()
        said = labels_in(typed) if question.id == "ground" else [typed]
        if question.asked is AnswerKind.WORDS and (question.id not in fields or any(one not in text for one in said)):
            found.add(question.id)
        read = reading.fields.get(question.id, "")
        if typed and typed != read and not _says(text, question, typed):
            found.add(question.id)
    return frozenset(found)


def _alike(typed: str, read: str) -> bool:
    one, other = (re.sub(r"\s+", "", normalize("NFKC", said)).replace("≥", ">=") for said in (typed, read))
    if one == other or _day(one) == _day(other) != ():
        return True
    try:
        return _number(one) == _number(other)
    except ValueError:
        return False


def _day(said: str) -> tuple[int, ...]:
    found = re.fullmatch(r"(\d{1,2})[-月](\d{1,2})日?", said)
    return (int(found[1]), int(found[2])) if found else ()


def _number(said: str) -> object:
    share = exact_number(said.removesuffix("%").replace(",", ""))
    return share / 100 if said.endswith("%") else share


def _says(text: str, question: ClauseQuestion, typed: str) -> bool:
    """Tell whether the number of an answer stands in ``text``; of an answer that is none there is nothing to find."""
    if question.asked is AnswerKind.PERIOD:
        days = read_phase_days(typed)
        return days is None or says_number(text, str(days.number), days.unit)
    return question.asked is not AnswerKind.NUMBER or says_number(text, typed)
