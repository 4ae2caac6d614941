"""What a field says in a sentence about what a proposal writes: names instead of ids, values with their units, days in words."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

from service.catalog.names.field_names import naming_of
from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter
from service.catalog.parameters.unit_names import UNITS
from service.catalog.parameters.value_words import value_words
from service.catalog.scenarios.scenario_terms import day_text, terms_of
from service.domain.text import Text

LONGEST = 60
"""How many characters of a value are told."""
OF_OPERATION = "operation."
"""What the fields of an element begin with that are what its operation is given."""
SHOWN_AS_SETTING = re.compile(r"(?:(?:workdays|caldays|months|years)\()?param\.(\w+)\)?")
"""A formula that is a setting, or so many days of it: told by its name."""
_WORD = re.compile(r"\w+", re.ASCII)
_UNIT_WORDS = {unit.value: words for unit, words in UNITS.items()}
_CHOSEN = ("value", "values", "choices")
_NUMBERS = ("value", "exactly", "minimum", "maximum")
_IDENT = re.compile(r"(?:^|(?<=[：、\n]))[a-z][a-z0-9]*(?:_[a-z0-9]+)*(?=[，；、\n]|$)")
"""An id where an entry says a value."""
_DATED = re.compile(r"自 (\d{4}-\d{2}-\d{2}) 起：(\w+)(?=[、；（]|$)")
"""A value from a day on, as an entry says it."""
_SEVERAL = re.compile(r"\w+(?:[、\n]\w+)+", re.ASCII)
"""A list of choices."""
_CONSTANTS = re.compile(r'\[?"\w+"(?:, *"\w+")*\]?', re.ASCII)
"""A formula that is a word, or a list of words."""
_KEEPING = ("name", "fact", "rest")
"""What an operation keeps its result under: the name of a fact."""


def value_told(package: Package, element: str, name: str, value: str | None) -> Text:
    """Return what field ``name`` of ``element`` says, in words."""
    parameter = package.award.parameters.get(element)
    if parameter is not None and name in (*_NUMBERS, "values") and value and _WORD.fullmatch(value):
        return _of_parameter(parameter, value)
    if parameter is not None and name == "values" and value and _DATED.search(value):
        return _dated(parameter, value)
    if parameter is not None and name == "unit" and (unit := _UNIT_WORDS.get(value or "")):
        return unit
    if parameter is not None and name in _CHOSEN and value and _SEVERAL.fullmatch(value):
        return _joined([_of_parameter(parameter, one) for one in _WORD.findall(value)])
    if value is None or value == "":
        return Text("（没有）", "(none)")
    if value in ("true", "yes"):
        return Text("是", "yes")
    if value in ("false", "no"):
        return Text("否", "no")
    naming = naming_of(name)
    named = naming(package, value) if naming is not None and not name.startswith("operation.") else None
    if named is not None and named.zh != value:
        return named
    constants = _constants(package, name, value)
    if constants is not None:
        return constants
    read = SHOWN_AS_SETTING.fullmatch(value)
    if read is not None and read[1] in package.award.parameters:
        return package.award.parameters[read[1]].text
    shown = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if naming is not None:  # an id of a piece that is not there
        return Text(shown, shown)
    terms = terms_of(package)
    return Text(
        _IDENT.sub(lambda one: terms.word(one[0]).zh, shown), _IDENT.sub(lambda one: terms.word(one[0]).en, shown)
    )


def _of_parameter(parameter: Parameter, said: str) -> Text:
    """Return one value of ``parameter`` in words, as an entry of the file says it."""
    if said.isdecimal():
        return value_words(parameter, int(said))
    return value_words(parameter, {"true": True, "false": False}.get(said, said))


def _dated(parameter: Parameter, said: str) -> Text:
    """Return values from days on in words."""

    def put(match: re.Match[str], *, chinese: bool) -> str:
        day, value = day_text(date.fromisoformat(match[1])), _of_parameter(parameter, match[2])
        return f"自{day.zh}起 {value.zh}" if chinese else f"from {day.en} {value.en}"

    line = said.replace("\n", "；")
    zh, en = (_DATED.sub(partial(put, chinese=told), line) for told in (True, False))
    return Text(zh, en)


def _constants(package: Package, field: str, said: str) -> Text | None:
    """Return the words that the formula of an operation hands over as they stand, each by its name; None for what else it is."""
    if not field.startswith(OF_OPERATION) or not _CONSTANTS.fullmatch(said):
        return None
    naming, terms = naming_of(field), terms_of(package)
    key = "fact" if field.rpartition(".")[2] in _KEEPING else ""
    found = [naming(package, word) if naming else terms.word(word, key) for word in _WORD.findall(said)]
    return _joined(found)


def _joined(found: list[Text]) -> Text:
    return Text("、".join(one.zh for one in found), ", ".join(one.en for one in found))
