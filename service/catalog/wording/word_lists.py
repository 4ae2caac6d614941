"""Lists of words about awards, kept as YAML beside the program: what choices are called, which chapters settings have.

They are wording, no part of a package: a correction shows at once, in versions published long ago too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from service.catalog.problems import Problem
from service.catalog.source.fields import Fields, read_fields
from service.domain.errors import Invalid
from service.domain.text import Text

_FOLDER = Path(__file__).parents[1] / "words"


@cache
def choice_words() -> Mapping[str, Text]:
    """Return what choices are called: by the choice, or by “parameter/choice” where it is called otherwise there."""
    fields = _load_fields("choices.yaml")
    words = {
        key: _read_name(part, key)
        for part in (fields.mapping("anywhere", required=True), fields.mapping("in_place", required=True))
        for key in part.node.entries
    }
    fields.done()
    return MappingProxyType(words)


@cache
def entry_words() -> Mapping[str, Text]:
    """Return what the columns of parameters that are tables are called."""
    fields = _load_fields("entry_fields.yaml").mapping("names", required=True)
    return MappingProxyType({key: _read_name(fields, key) for key in fields.node.entries})


@cache
def entry_columns() -> Mapping[str, tuple[str, ...]]:
    """Return the columns that the rows of a parameter may have, by its name in the vocabulary."""
    fields = _load_fields("entry_fields.yaml").mapping("columns", required=True)
    return MappingProxyType({key: tuple(fields.text(key, "").split()) for key in fields.node.entries})


@cache
def load_setting_chapters() -> Mapping[str, tuple[Text, tuple[str, ...]]]:
    """Return the name of each chapter of the settings, in reading order, and the parameters it has."""
    fields = _load_fields("chapters.yaml")
    titles = {}
    for ident in fields.node.entries:
        chapter = fields.mapping(ident)
        titles[ident] = (chapter.both(), tuple(chapter.text("parameters", "").split()))
        chapter.done()
    return MappingProxyType(titles)


@cache
def fact_words() -> Mapping[str, Text]:
    """Return what facts on record are called."""
    fields = _load_fields("facts.yaml")
    words = {key: _read_name(fields, key) for key in fields.node.entries}
    fields.done()
    return MappingProxyType(words)


@cache
def fact_value_words() -> Mapping[str, Text]:
    """Return what values of facts are called, by “fact/value”."""
    fields = _load_fields("fact_values.yaml")
    words = {key: _read_name(fields, key) for key in fields.node.entries}
    fields.done()
    return MappingProxyType(words)


@cache
def pattern_words() -> Mapping[str, Text]:
    """Return what shared pieces are called that leave their own name open, by the stem of the file."""
    fields = _load_fields("patterns.yaml")
    words = {key: _read_name(fields, key) for key in fields.node.entries}
    fields.done()
    return MappingProxyType(words)


@cache
def parameter_words() -> Mapping[str, Text]:
    """Return what parameters of operations are called: by name, or by “operation/name” where it is another there."""
    fields = _load_fields("operation_parameters.yaml")
    words = {key: _read_name(fields, key) for key in fields.node.entries}
    fields.done()
    return MappingProxyType(words)


def parameter_name(operation: str, name: str) -> Text:
    """Return what a parameter of an operation is called, its own name where the list has none."""
    words = parameter_words()
    return words.get(f"{operation}/{name}") or words.get(name) or Text(name, name)


def _read_name(fields: Fields, key: str) -> Text:
    words = fields.bilingual(key)
    if words is None:
        raise Invalid(Text(f"“{fields.path(key)}”没有写明。", f"“{fields.path(key)}” says nothing."))
    return words if words.en != words.zh else Text(words.zh, key.rpartition("/")[2].replace("_", " "))


def _load_fields(name: str) -> Fields:
    path = _FOLDER / name
    return read_fields(path.read_bytes(), path.name, _raise_invalid)


def _raise_invalid(problem: Problem) -> None:
    raise Invalid(problem.message)
