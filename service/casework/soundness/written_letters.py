"""Messages to people that somebody else wrote or changed: they are neither shown nor sent."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.people.seals import sealed_kinds
from service.casework.people.seals.newest_letters import words_of_letter
from service.casework.soundness.lacking_seals import lacking
from service.domain.proof.row_mark import RowMark


def written_letters(desk: Desk) -> Iterator[RowMark]:
    """Name all messages that lack the seal of this installation, in words; nothing before each must have one."""
    yield from map(words_of_letter, lacking(desk, sealed_kinds.letters))
