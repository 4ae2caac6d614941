"""Identifiers that stand in Chinese sentences as if they were words, though the program knows what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.catalog.differences.words import FIELDS
from service.catalog.names.message_names import message_names
from service.catalog.package import Package
from service.catalog.scenarios.scenario_terms import terms_of
from service.catalog.wording.word_lists import entry_words, parameter_words

_IN_PLACE = re.compile(r"(?:^|[：“（、]|改为 |由 )([a-z][a-z0-9_]*)(?=$|[，；、）”：]| 改为)")
"""An identifier where a sentence names something; what stands inside a formula is no such place."""


def raw_words(package: Package, sentences: Iterable[str]) -> list[str]:
    """Return the sentences of ``package`` that hold an identifier in the place of a word, each with the first one."""
    found = ((one, _IN_PLACE.findall(one)) for one in sentences)
    return [
        f"{known[0]}: {one}" for one, names in found if (known := [name for name in names if is_known(package, name)])
    ]


def is_known(package: Package, name: str) -> bool:
    """Return whether the program has a word for an identifier."""
    if name in FIELDS or name in entry_words() or name in parameter_words():
        return True
    called = message_names(package).get(name) or terms_of(package).word(name)
    return called.zh != name
