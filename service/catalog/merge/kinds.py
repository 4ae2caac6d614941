"""Which kinds of files are taken apart into records, and by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from service.catalog.merge import diagrams, entries, forms
from service.catalog.merge.records import Records


class Taking(NamedTuple):
    """How files of a kind are taken apart and put together; taking apart raises NoRecords and LaurelError."""

    take_apart: Callable[[bytes, str], Records]
    put_together: Callable[[Records], bytes]


KINDS: Mapping[str, Taking] = MappingProxyType(
    {
        ".bpmn": Taking(diagrams.take_apart, diagrams.put_together),
        ".dmn": Taking(diagrams.take_apart, diagrams.put_together),
        ".json": Taking(forms.take_apart, forms.put_together),
        ".yaml": Taking(entries.take_apart, entries.put_together),
    }
)
"""By the ending of the file."""
