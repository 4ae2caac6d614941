"""The desk: the context every use case receives (store, engine, packages, clock, ports to the outside)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random, SystemRandom
from typing import Any, Protocol

from service.casework.desk.channels import WITHIN, Channel
from service.casework.desk.clock import Clock
from service.casework.desk.packages import Packages
from service.casework.desk.premises import NOWHERE, OwnSpace, Premises, PublicSpace
from service.domain.calendar import WorkingCalendar
from service.domain.errors import LaurelError
from service.domain.feel import FunctionSet
from service.domain.output.handbook import Handbook
from service.domain.text import Text
from service.engine import Engine, ServiceCall
from service.identity import IdentityProvider
from service.office import Sandbox, Scanner
from service.sdk import Operation, Work
from service.store import Store


class KeyFolder(Protocol):
    """Where the keys of ballots lie."""

    def put(self, box: str, name: str, key: bytes) -> None:
        """Keep ``key`` of ballot ``box`` durably under a name never used before."""

    def get(self, box: str, name: str) -> bytes:
        """Return a key; raises KeyLost, KeyFolderGone."""

    def drop(self, box: str, names: tuple[str, ...]) -> None:
        """Destroy keys; safe to repeat. Raises KeyFolderGone."""

    def destroy(self, box: str) -> None:
        """Destroy every key of a ballot; safe to repeat. Raises KeyFolderGone."""


class KeyKeeper(KeyFolder, Protocol):
    """Keeps the keys of ballots, and secrets of the installation, apart from everything that is backed up."""

    def secret(self, name: str) -> bytes:
        """Return random bytes of this installation, the same in every process and after every start."""

    def find_stored_secret(self, name: str) -> bytes | None:
        """Return the same as they are kept now; None where they are not, and none are made."""


class DocumentPrinter(Protocol):
    """Makes the PDF of a composed document; raises a LaurelError that says why it cannot."""

    def print(self, content: Mapping[str, Any], layout: bytes | None = None) -> bytes:
        """Return the PDF, set by the package's own ``layout`` where there is one."""

    def pages(self, content: Mapping[str, Any], layout: bytes | None = None, dots: int = 110) -> list[bytes]:
        """Return the pages of the PDF as pictures (PNG)."""

    def draw(self, sheet: Mapping[str, Any], picture: str, form: str) -> bytes:
        """Return ``picture`` (SVG) with the table of ``sheet`` as pdf, png or svg, its letters embedded."""

    def handbook(self, book: Handbook) -> bytes:
        """Return a handbook as PDF."""

    def describe(self) -> Text:
        """Say in which typefaces documents are set; raises a LaurelError where there are none."""


class OperationServices(Protocol):
    """Hands an operation what it may use; ``step`` is the unit of work that runs the service task (step/step.py)."""

    def __call__(self, step: Any, call: ServiceCall) -> Work:
        """Return the services of the service task ``call`` over the running ``step``."""


class Ending(Protocol):
    """Ends one kind of what hangs on a case; ``step`` is the unit of work in which its case or its step ends (step/step.py)."""

    def __call__(self, step: Any, numbers: Sequence[int], why: Text) -> None:
        """End those with ``numbers`` that are not over yet, on record in the case, and tell whom it concerns ``why``."""


class MissingCalendar(LaurelError):
    """A jurisdiction names a calendar layer that is not there."""

    code = "missing_calendar"


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts a use case works with.

    ``functions`` are the FEEL functions of expressions, ``operations`` the verbs of service tasks, which reach the case
    through ``services``. ``endings`` end what hangs on a case, by its kind (`end_what_hangs`).
    ``channels`` are the ways of a message. ``randomness`` mixes urns and draws lots.
    ``rating_days`` are the working days within which the office answers a bad rating.
    ``identity`` is who may vouch for people outside, None for nobody.
    ``sandbox`` reads foreign files, ``scanner`` looks for viruses in them. Without ``printer`` documents are .docx only.
    """

    store: Store
    engine: Engine
    packages: Packages
    calendars: Mapping[str, WorkingCalendar]
    operations: Mapping[str, Operation]
    services: OperationServices
    functions: FunctionSet
    clock: Clock
    ballot_keys: KeyKeeper
    endings: Mapping[str, Ending]
    randomness: Random = field(default_factory=SystemRandom)
    printer: DocumentPrinter | None = None
    sandbox: Sandbox = field(default_factory=Sandbox)
    scanner: Scanner | None = None
    channels: tuple[Channel, ...] = WITHIN
    premises: Premises = NOWHERE
    public_space: PublicSpace = field(default_factory=PublicSpace)
    own_space: OwnSpace = field(default_factory=OwnSpace)
    rating_days: int = 15
    identity: IdentityProvider | None = None

    def calendar(self, layer: str) -> WorkingCalendar:
        """Return the calendar ``layer``; raises MissingCalendar."""
        try:
            return self.calendars[layer]
        except KeyError:
            raise MissingCalendar(
                Text(
                    f"没有名为“{layer}”的工作日历，请补上它（processes/calendars），或者在“地方与奖项”中改选工作日历（jurisdiction.yaml）。",
                    f"There is no calendar layer “{layer}”: add it (processes/calendars), or choose another on the page “Place and award” (jurisdiction.yaml).",
                )
            ) from None
