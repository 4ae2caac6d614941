"""What the program asks of an outside identity provider, whatever protocol it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.domain.errors import LaurelError
from service.domain.text import Text


class NotVouched(LaurelError):
    """The provider does not say who this is, or what came does not come from it; ``cause`` is for the log alone."""

    code = "not_vouched"

    def __init__(self, cause: str = "") -> None:
        super().__init__(
            Text(
                "统一身份认证没有完成，请重新登录；仍不成功的，请用密码登录，或者联系管理员。",
                "Single sign-on was not completed: try again, or sign in with your password, or ask an administrator.",
            )
        )
        self.cause = cause


class ProviderUnreachable(LaurelError):
    """The provider cannot be asked now; ``cause`` is for the log, ``found`` for who keeps the installation."""

    code = "provider_unreachable"

    def __init__(self, place: str, why: Text) -> None:
        super().__init__(
            Text(
                "统一身份认证暂时连接不上，请稍后再试，或者用密码登录。",
                "The single sign-on service cannot be reached now: try again later, or sign in with your password.",
            )
        )
        self.place, self.why = place, why
        self.cause = f"{place}: {why.en}"
        self.found = Text(f"{place}：{why.zh}", self.cause)


@dataclass(frozen=True, slots=True)
class Errand:
    """What one try to sign in is known by again: random, kept by the browser that began it, and used once."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the provider says of who signed in there.

    ``subject`` never changes and is unique with ``issuer``; ``strong``: they showed a second factor there that counts.
    """

    issuer: str
    subject: str
    name: str
    strong: bool


class IdentityProvider(Protocol):
    """One provider, asked by the protocol that it speaks."""

    @property
    def issuer(self) -> str:
        """Its name, as links to people are kept under it."""

    def begin(self, errand: Errand, back: str, *, anew: bool) -> str:
        """Return the address to send the browser to; it returns to ``back``. ``anew``: nobody is signed in silently.

        Raises ProviderUnreachable.
        """

    def finish(self, errand: Errand, back: str, answer: Mapping[str, str], now: datetime) -> Vouched:
        """Return who came back with ``answer`` (the arguments of the address).

        Raises:
            NotVouched: the answer is none of the provider's to this errand.
            ProviderUnreachable: it cannot be asked.
        """

    def farewell(self, back: str) -> str | None:
        """Return the address at which people sign out there, too, None where there is none."""

    def describe(self) -> Text:
        """Read its configuration as a sign-in would; raises ProviderUnreachable."""
