"""Which kinds of files are taken apart into records, and by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from service.catalog.merge import diagrams, entries, forms
from service.catalog.merge.records import Records


class Taking(NamedTuple):
    """How files of a kind are taken apart and put together; taking apart raises NoRecords and LaurelError.

    ``look_at`` takes apart what is only compared, which may be quicker.
    """

    take_apart: Callable[[bytes, str], Records]
    put_together: Callable[[Records], bytes]
    look_at: Callable[[bytes, str], Records]


KINDS: Mapping[str, Taking] = MappingProxyType(
    {
        ".bpmn": Taking(diagrams.take_apart, diagrams.put_together, diagrams.take_apart),
        ".dmn": Taking(diagrams.take_apart, diagrams.put_together, diagrams.take_apart),
        ".json": Taking(forms.take_apart, forms.put_together, forms.take_apart),
        ".yaml": Taking(entries.take_apart, entries.put_together, entries.take_apart_as_written),
    }
)
"""By the ending of the file."""
