"""Which kinds of files are taken apart into records, and by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from service.catalog.differences import diagrams, entries, forms
from service.catalog.differences.records import Records

KINDS: Mapping[str, Callable[[bytes, str], Records]] = MappingProxyType(
    {
        ".bpmn": diagrams.take_apart,
        ".dmn": diagrams.take_apart,
        ".json": forms.take_apart,
        ".yaml": entries.take_apart,
    }
)
"""By the ending of the file; what takes apart raises NoRecords and LaurelError."""
