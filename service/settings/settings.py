"""What an installation chooses."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from service.domain.proof.algorithms import AES, SHA256
from service.settings.identity import CasPlace, OidcPlace
from service.settings.imprint import Imprint
from service.settings.loopback import is_loopback
from service.settings.outside import AnchorsMail, S3Place, ScannerPlace, Smtp, WebhookTarget
from service.settings.secrets import ExposedSecret, ServiceSecrets


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation chooses.

    ``database`` is a database URL, by which the program connects; ``database_owner`` that of the role which owns the tables
    of PostgreSQL, for commands that make or rewrite them; empty: it is the same. ``program_role`` is the role that gets rights
    to tables which another makes (`as_owner`); ``data`` is the folder of uploaded and produced files; ``host``
    and ``port`` are where the server listens, ``threads`` how many requests it serves at once.
    ``https`` marks cookies as secure, ``https_below`` holds browsers to it for hosts below this one's name, too;
    ``demo`` loads a fictional season and lets every visitor play every person, which is refused unless ``host`` is a
    loopback address. ``session_hours`` is the longest that a sign-in lasts,
    ``idle_minutes`` after how many without use it ends before (0: it does not), ``step_up_minutes`` how old it may be for
    votes, rights and publications (0: any age), ``password_days`` after how many days a person changes their password
    (0: never). ``requests`` is how often within a minute one address asks, one person asks,
    and one person does what decides something (0: as often as they like). ``smtp`` is None where messages stay in the inbox.
    ``ballot_keys`` is the folder of the keys of running ballots; it must never be backed up.
    ``fonts`` is a folder with the office's own typefaces for documents; None: those of the machine.
    ``languages`` is a folder of gettext catalogues, one ``LANGUAGE.mo`` for each further language; None: there is none.
    ``metrics_token`` is what a monitoring system shows to read ``/metrics``; empty: nobody reads them.
    ``rehearsal`` is a copy in which a season is rehearsed: nothing leaves it, and administrators move its clock.
    ``transfer_to`` is the database that ``laurel transfer`` fills; empty: there is none.
    ``public_address_bytes`` are those that one address may upload within a day without an account, ``public_bytes``
    what all such files take up until they are submitted; they are removed after ``public_hours``.
    ``person_bytes`` are those that one person may upload within a day, ``case_bytes`` what the files of a case may take up.
    ``files`` is where uploaded and produced files lie: a folder, of the data unless another is named, or a bucket.
    ``backup_command`` encrypts a backup, which it gets on its standard input; empty: backups are plain.
    ``backups`` is the folder that backups are put into, ``certificate`` the file of the certificate that visitors see: both
    are only looked at, to say that a backup is old or a certificate ends. ``anchors`` is the folder outside into which the
    signed heads of all records go every day; None: none are signed. ``anchors_mail`` are those who get them by mail; None:
    nobody does. ``sign_command`` is a command that countersigns each head, which it gets on its standard input.
    ``log`` is how lines of the log are written, ``json`` or ``text``; empty: as text on a terminal, else as JSON.
    ``trusted_proxy`` is the address of the reverse proxy in front, which says who really asks; empty: there is none.
    ``imprint`` is what stands at the foot of every page.
    ``rating_days`` are the working days within which the office answers a bad rating (no regulation says how many).
    ``separation`` is ``three`` where three people share the administrator's rights, ``one`` for an office of one person.
    ``second_factor`` are the roles whose holders sign in with a one-time code, too; without one they can set it up only.
    ``digest`` is the algorithm of what is added to chains of records, ``sha256`` or ``sm3``; what is there keeps its own.
    ``scanner`` is the virus scanner that sees every uploaded file; None: there is none.
    ``cipher`` encrypts columns and files, ``aes`` or ``sm4``, under the keys in the file ``data_keys``, which the first
    start makes and of which a copy must be kept apart from database and backups.
    ``identity`` is where people may sign in outside, None where they sign in here alone.
    ``administrators_from`` are the networks from which administrators sign in; empty: from anywhere.
    ``exposed_secrets`` are those that others on the machine may come to see, ``services`` those of other services.
    ``program`` is the mark of the files that were installed; empty: nobody compares them.
    ``database_wait`` are the seconds for which a process that starts waits for a PostgreSQL that does not answer.
    """

    database: str
    data: Path
    host: str
    port: int
    threads: int
    https: bool
    demo: bool
    public_url: str
    session_hours: int
    upload_bytes: int
    smtp: Smtp | None
    idle_minutes: int = 30
    step_up_minutes: int = 15
    password_days: int = 0
    https_below: bool = True
    requests: tuple[int, int, int] = (6000, 1200, 120)
    ballot_keys: Path = Path("var-ballot-keys")
    trusted_proxy: str = ""
    fonts: Path | None = None
    languages: Path | None = None
    webhook: WebhookTarget | None = None
    metrics_token: str = ""
    files: Path | S3Place = Path("var/files")
    transfer_to: str = field(default="", repr=False)
    database_owner: str = field(default="", repr=False)
    program_role: str = ""
    rehearsal: bool = False
    public_address_bytes: int = 400 * 1024 * 1024
    public_bytes: int = 5000 * 1024 * 1024
    public_hours: int = 48
    person_bytes: int = 2000 * 1024 * 1024
    case_bytes: int = 5000 * 1024 * 1024
    backups: Path | None = None
    backup_command: str = ""
    certificate: Path | None = None
    anchors: Path | None = None
    anchors_mail: AnchorsMail | None = None
    sign_command: str = ""
    log: str = ""
    database_wait: int = 60
    rating_days: int = 15
    separation: str = "three"
    second_factor: frozenset[str] = frozenset()
    digest: str = SHA256
    scanner: ScannerPlace | None = None
    cipher: str = AES
    data_keys: Path = Path("var-data-keys/keys")
    imprint: Imprint = field(default_factory=Imprint)
    identity: OidcPlace | CasPlace | None = None
    exposed_secrets: tuple[ExposedSecret, ...] = ()
    services: ServiceSecrets = field(default_factory=ServiceSecrets)
    program: str = ""
    administrators_from: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    def as_owner(self) -> Settings:
        """Return the settings of a command that makes, restores or rewrites tables: it connects as their owner."""
        if not self.database_owner:
            return self
        role = unquote(urlsplit(self.database).username or "")
        return replace(self, database=self.database_owner, database_owner="", program_role=role)

    @property
    def loopback(self) -> bool:
        """Return whether only this machine can reach the server."""
        return is_loopback(self.host)
