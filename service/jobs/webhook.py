"""Messages posted to a gateway over HTTPS, signed."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import quote

from service.casework.desk.channels import ChannelObstacle, Delivery, Outgoing, Recipient, with_addresses
from service.domain.text import Text
from service.domain.wording.cause_words import ToldCause, cause_words
from service.office.bounded_line import bounded_line, path_of
from service.settings import WebhookTarget

SECONDS = 10.0
"""How long a message may take from looking up the gateway's name to its answer."""

REST = 30.0
"""Seconds for which a gateway that could not be reached is not asked again, so that other due work goes on."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4 = 0xFFFFFFFF


class WebhookRefused(ToldCause):
    """The gateway did not take a message, or stands where messages must not go."""

    tells_of_nobody = True


@dataclass(slots=True)
class SignedWebhook:
    """Posts one message per call as JSON; redirections are not followed.

    ``Laurel-Signature`` is the HMAC-SHA-256 of ``Laurel-Timestamp``, a full stop and the body, keyed by the secret.
    ``Idempotency-Key`` is the same when a message is posted again; the signed body says it too, as ``key``.
    ``site`` is the address of this installation, for the pages that messages name.
    """

    target: WebhookTarget
    seconds: float = SECONDS
    site: str = ""
    name: ClassVar[str] = "webhook"
    label: ClassVar[Text] = Text("消息网关", "Gateway of messages")
    leaves: ClassVar[bool] = True
    _trouble: Text = field(default=Text("", ""), init=False)
    _rests_until: float = field(default=0.0, init=False)

    def address(self, to: Recipient) -> str | None:
        """Return the number of the person; the gateway learns at the sending where to find them."""
        return None if to.message.person_id is None else str(to.message.person_id)

    def send(self, message: Outgoing) -> Delivery:
        """Post a message and whom it is for; raises OSError when the gateway does not take it."""
        person = message.person
        recipient = {name: getattr(person, name, None) for name in ("login", "name", "telephone", "email")}
        content = {"subject": message.subject, "text": with_addresses(message.text, self.site), "case": message.case}
        self.post(message.key, {"recipient": recipient, **content, "queued_at": message.queued_at.isoformat()})
        return Delivery.PASSED_ON

    def describe(self) -> Text:
        """Connect and encrypt as for a message, and send none; raises ChannelObstacle when that fails."""
        try:
            with self._connected():
                return Text("可以连接", "answers")
        except OSError as error:
            why = cause_words(error)
            raise ChannelObstacle(
                Text(
                    f"连接不上（{why.zh}），消息留待重发。请核对 LAUREL_WEBHOOK_URL、证书和网络",
                    f"cannot be reached ({why.en}); messages wait to be sent."
                    " Check LAUREL_WEBHOOK_URL, its certificate and the network",
                )
            ) from error

    def post(self, key: str, message: Mapping[str, object]) -> None:
        """Post; raises OSError when the gateway cannot be reached, may not be, or answers anything but 2xx."""
        if time.monotonic() < self._rests_until:
            raise WebhookRefused(
                Text(
                    f"不到{REST:.0f}秒前刚失败过，暂不再连：{self._trouble.zh}",
                    f"not asked, since less than {REST:.0f} seconds ago: {self._trouble.en}",
                )
            )
        key = quote(key, safe=":/", errors="replace")
        try:
            status = self._ask(key, json.dumps({"key": key, **message}, ensure_ascii=False).encode())
        except OSError as error:
            self._trouble, self._rests_until = cause_words(error), time.monotonic() + REST
            raise
        if not http.client.OK <= status < http.client.MULTIPLE_CHOICES:
            raise WebhookRefused(Text(f"网关答复 {status}", f"the gateway answered {status}"))

    def _ask(self, key: str, body: bytes) -> int:
        stamp = str(int(time.time()))
        signature = hmac.new(self.target.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "Laurel-Timestamp": stamp,
            "Laurel-Signature": f"sha256={signature}",
        }
        with self._connected() as connection:
            connection.request("POST", path_of(self.target.url), body, headers)
            return connection.getresponse().status

    def _connected(self) -> AbstractContextManager[http.client.HTTPConnection]:
        """Connect, and cut the line when the time is over, however slowly the gateway goes on answering."""
        return bounded_line(self.target.url, self.seconds, self._reach, WebhookRefused)

    def _reach(self, host: str, port: int) -> socket.socket:
        """Connect to an address that was looked at, so that the name cannot lead elsewhere a moment later."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [each for each in addresses if self.target.private or is_public(each)]
        if not allowed:
            raise WebhookRefused(
                Text(
                    f"{host} 的地址 {addresses[0]} 不是公网地址；网关确在内网的，设 LAUREL_WEBHOOK_PRIVATE=yes",
                    f"{host} is {addresses[0]}, which is no public address; where the gateway is meant to be there, set"
                    " LAUREL_WEBHOOK_PRIVATE=yes",
                )
            )
        for address in allowed[:-1]:
            with suppress(OSError):
                return socket.create_connection((address, port), timeout=self.seconds / len(allowed))
        return socket.create_connection((allowed[-1], port), timeout=self.seconds / len(allowed))


def is_public(address: str) -> bool:
    """Return whether an address lies outside of every private network, also the IPv4 address that an IPv6 one stands for."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    inner = ip.ipv4_mapped or ip.sixtofour
    if ip in _TRANSLATED:
        inner = ipaddress.IPv4Address(int(ip) & _IPV4)
    return is_public(str(inner)) if inner is not None else ip in _GLOBAL_UNICAST and ip.is_global
