"""The machine that an installation stands on: its volumes, its backups, the certificate it is reached by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from service.domain.proof.algorithms import AES, SHA256
from service.domain.text import Text
from service.settings import AnchorsMail, ExposedSecret
from service.store import DataKeys


@dataclass(frozen=True, slots=True)
class SignInRules:
    """``idle`` is after how long without use a session ends; None: it lasts until its absolute end.

    ``proof`` is how old a sign-in may be for what asks for a fresh one (`access.recent_proof`); None: any.
    ``password`` is after how long one's own password is to be changed; None: never.
    ``administrators_from`` are the networks from which administrators sign in; empty: from anywhere.
    """

    idle: timedelta | None = None
    proof: timedelta | None = None
    password: timedelta | None = None
    administrators_from: tuple[IPv4Network | IPv6Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """A folder whose disk may fill; ``name`` never changes."""

    name: str
    label: Text
    folder: Path


@dataclass(frozen=True, slots=True)
class Premises:
    """What is looked after beside the database; None and empty where there is nothing to look at.

    ``digest`` the algorithm of
    what is added to chains of records; ``sign_in`` says how long a sign-in lasts;
    ``data_keys`` are those of encrypted columns; ``exposed_secrets`` are settings that others on the machine may see;
    ``anchors_mail`` are those who get signed heads by mail; ``sign_command`` is what countersigns a head.
    """

    volumes: tuple[Volume, ...] = ()
    backups: Path | None = None
    certificate: Path | None = None
    anchors: Path | None = None
    digest: str = SHA256
    sign_in: SignInRules = field(default_factory=SignInRules)
    data_keys: DataKeys | None = None
    exposed_secrets: tuple[ExposedSecret, ...] = ()
    anchors_mail: AnchorsMail | None = None
    sign_command: str = ""

    @property
    def cipher(self) -> str:
        """By which everything is encrypted from now on; what is there names its own."""
        return AES if self.data_keys is None else self.data_keys.cipher


NOWHERE = Premises()
"""A desk that stands on no machine of its own: a simulation, a test."""


@dataclass(frozen=True, slots=True)
class PublicSpace:
    """Bytes that one address may send within a day, bytes that all of it may take up, hours until it is removed."""

    of_address: int = 400 * 1024 * 1024
    of_all: int = 5000 * 1024 * 1024
    hours: int = 48


@dataclass(frozen=True, slots=True)
class OwnSpace:
    """Bytes that one person with an account may send within a day, and bytes that all files of a case may take up."""

    of_day: int = 2000 * 1024 * 1024
    of_case: int = 5000 * 1024 * 1024
