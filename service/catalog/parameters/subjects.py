"""Subjects of parameters: the chapters under which settings and comparisons are listed."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from service.catalog.parameters.parameters import Parameter, Unit
from service.catalog.wording.word_lists import load_setting_chapters
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Subject:
    """A chapter of the settings."""

    id: str
    name: Text


SUBJECTS = tuple(Subject(ident, name) for ident, (name, _) in load_setting_chapters().items())
"""Every chapter, in reading order."""

_BY_ID = {subject.id: subject for subject in SUBJECTS}
_BY_KEY = MappingProxyType(
    {key: _BY_ID[subject] for subject, (_, keys) in load_setting_chapters().items() for key in keys}
)
_BY_UNIT = {Unit.WORKING_DAYS: "notices", Unit.CALENDAR_DAYS: "notices", Unit.YUAN: "award", Unit.POINTS: "review"}


def subject_of(parameter: Parameter) -> Subject:
    """Return the chapter of ``parameter``: by its key in the vocabulary, its id, else by what it counts."""
    subject = _BY_KEY.get(parameter.key) or _BY_KEY.get(parameter.id)
    return subject or _BY_ID[_BY_UNIT.get(parameter.unit, "other")]
