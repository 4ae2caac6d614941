"""Second factors of sign-in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRow:
    """The one-time codes of a person: those in force, and those offered and not confirmed yet."""

    person_id: Annotated[col.PersonId, col.PRIMARY]
    secret: Annotated[col.PersonalBytes | None, "of the codes in force; empty: none yet"] = None
    offered: Annotated[col.PersonalBytes | None, "secret shown and not confirmed yet"] = None
    since: Annotated[datetime | None, "when the codes in force were confirmed"] = None
    last_step: Annotated[col.Big, "period of 30 s of the last code taken"] = 0


second_factor = col.table_of(
    SecondFactorRow, "second_factor", comment="one-time codes that are asked for beside a password"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeRow:
    """A code that serves once where the one-time codes are not at hand."""

    mark: Annotated[col.Chars64, col.PRIMARY, "keyed hash of the code"]
    person_id: Annotated[col.PersonId, col.INDEXED]


recovery_code = col.table_of(
    RecoveryCodeRow, "recovery_code", comment="codes that serve once each in place of a one-time code"
)
