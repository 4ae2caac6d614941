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
