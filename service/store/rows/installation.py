"""The installation that a database belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationRow:
    """One row: what all processes of an installation share must bear the same marks."""

    id: Annotated[int, col.PRIMARY] = 1
    files: Annotated[col.Chars64, "the mark that the store of files bears"]
    keys: Annotated[col.Chars64, "the fingerprint of a secret in the folder of ballot keys"]
    made_at: datetime


installation = col.table_of(InstallationRow, "installation")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramLookRow:
    """One row: which program has loaded every running case, or how far it is."""

    id: Annotated[int, col.PRIMARY] = 1
    program: Annotated[col.Chars64, "SHA-256 of the program that loads running cases"]
    after: Annotated[col.Big, "last case that was loaded"] = 0
    since: datetime
    done_at: Annotated[datetime | None, "empty: not all cases are loaded yet"] = None


program_look = col.table_of(ProgramLookRow, "program_look")
