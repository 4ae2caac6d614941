"""Messages posted to a gateway over HTTPS, signed."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from service.settings import WebhookTarget

SECONDS = 10


class WebhookRefused(OSError):
    """The gateway did not take a message, or stands where messages must not go."""


@dataclass(frozen=True, slots=True)
class SignedWebhook:
    """Posts one message per call as JSON; redirections are not followed.

    ``Laurel-Signature`` is the HMAC-SHA-256 of ``Laurel-Timestamp``, a full stop and the body, keyed by the secret.
    ``Idempotency-Key`` is the same when a message is posted again.
    """

    target: WebhookTarget

    def post(self, key: str, message: Mapping[str, object]) -> None:
        """Post; raises OSError when the gateway cannot be reached, may not be, or answers anything but 2xx."""
        body = json.dumps({"key": key, **message}, ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        signature = hmac.new(self.target.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": key,
            "Laurel-Timestamp": stamp,
            "Laurel-Signature": f"sha256={signature}",
        }
        parts = urlsplit(self.target.url)
        connection = self._connect(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        try:
            connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers)
            status = connection.getresponse().status
        except http.client.HTTPException as error:
            raise WebhookRefused(f"the gateway's answer cannot be read: {error}") from error
        finally:
            connection.close()
        if not http.client.OK <= status < http.client.MULTIPLE_CHOICES:
            raise WebhookRefused(f"the gateway answered {status}")

    def _connect(self, host: str, port: int) -> http.client.HTTPConnection:
        """Connect to the address that was looked at, so that the name cannot lead elsewhere a moment later."""
        address = str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
        if not self.target.private and not ipaddress.ip_address(address).is_global:
            raise WebhookRefused(f"{host} is {address}, which is no public address; see LAUREL_WEBHOOK_PRIVATE")
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
        connection.sock = socket.create_connection((address, port), timeout=SECONDS)
        if urlsplit(self.target.url).scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        return connection
