"""CAS protocol 3.0: the ticket that a browser brings back is validated at the server, whose XML is read by defusedxml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, ParseError

import requests
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from service.domain.text import Text
from service.identity.asking import configure_session, fetch_provider_answer
from service.identity.port import Errand, NotVouched, ProviderUnreachable, Vouched
from service.settings import CasPlace

_SPACE = "{http://www.yale.edu/tp/cas}"
_LONGEST = 256
_FACTOR = ("authnContextClass", "authenticationMethod")
_NAME = ("displayName", "cn", "name")


@dataclass(frozen=True, slots=True)
class CasServer:
    """One CAS server; the protocol has no nonce, so the address to return to carries the state."""

    place: CasPlace

    @property
    def issuer(self) -> str:
        """The address of the server."""
        return self.place.url

    def begin(self, errand: Errand, back: str, *, anew: bool) -> str:
        """Return the address of the server's sign-in; the state travels within the address of the service."""
        more = {"renew": "true"} if anew else {}
        return f"{self.place.url}/login?" + urlencode({"service": _build_service_url(errand, back), **more})

    def finish(self, errand: Errand, back: str, answer: Mapping[str, str], now: datetime) -> Vouched:  # noqa: ARG002
        """Validate the ticket: the server takes each once, for the service alone that it was given to."""
        ticket = answer.get("ticket", "")
        if answer.get("state") != errand.state or not ticket.startswith("ST-") or len(ticket) > _LONGEST:
            raise NotVouched("no ticket, or another state")
        query = urlencode({"service": _build_service_url(errand, back), "ticket": ticket})
        body = fetch_provider_answer(
            configure_session(requests.Session()), f"{self.place.url}/p3/serviceValidate?{query}"
        )
        return self._read_vouched(_parse_tree(body))

    def farewell(self, back: str) -> str | None:
        """Return the address at which the server signs people out."""
        return f"{self.place.url}/logout?" + urlencode({"service": back})

    def describe(self) -> Text:
        """Ask for a ticket that nobody has: a CAS server refuses it in its own words."""
        query = urlencode({"service": self.place.url, "ticket": "ST-0"})
        body = fetch_provider_answer(
            configure_session(requests.Session()), f"{self.place.url}/p3/serviceValidate?{query}"
        )
        try:
            root = _parse_tree(body)
        except NotVouched as error:
            raise ProviderUnreachable(self.place.url, Text("应答不能读", error.cause)) from None
        if root.find(f"{_SPACE}authenticationFailure") is None:
            raise ProviderUnreachable(self.place.url, Text("应答不是 CAS 3.0", "no CAS 3.0"))
        return Text(f"{self.issuer}，可以验证票据", f"{self.issuer}, validates tickets")

    def _read_vouched(self, root: Element) -> Vouched:
        success = root.find(f"{_SPACE}authenticationSuccess")
        user = (success.findtext(f"{_SPACE}user") or "").strip() if success is not None else ""
        if success is None or not 0 < len(user) <= _LONGEST:
            failure = root.find(f"{_SPACE}authenticationFailure")
            raise NotVouched(failure.get("code", "")[:80] if failure is not None else "no user")
        attributes_node = success.find(f"{_SPACE}attributes")
        attributes: dict[str, list[str]] = {}
        for node in attributes_node if attributes_node is not None else ():
            attributes.setdefault(node.tag.removeprefix(_SPACE), []).append((node.text or "").strip())
        factors = {value for name in _FACTOR for value in attributes.get(name, ())}
        name = next((attributes[name][0] for name in _NAME if attributes.get(name)), "")
        strong = not factors.isdisjoint(self.place.second_factor)
        return Vouched(self.place.url, user, name[:80], strong)


def _build_service_url(errand: Errand, back: str) -> str:
    return f"{back}?{urlencode({'state': errand.state})}"


def _parse_tree(body: bytes) -> Element:
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NotVouched(f"XML: {type(error).__name__}") from error
    if root.tag != f"{_SPACE}serviceResponse":
        raise NotVouched("no answer of a CAS server")
    return root
