"""Asking a timestamp authority over HTTP (RFC 3161 §3.4)."""

from __future__ import annotations

import http.client
import socket

from service.domain.text import Text
from service.office.bounded_line import NoAnswer, bounded_line, path_of

SECONDS = 10.0
"""How long one timestamp may take from looking up the authority's name to its answer."""

_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


def asked_for_timestamp(url: str, request: bytes, most: int, seconds: float = SECONDS) -> bytes:
    """Post a request (TimeStampReq) and return the answer as it came; redirections are not followed.

    Raises:
        OSError: the authority cannot be reached, does not answer in time, answers anything but 200 or more than ``most`` bytes.
    """

    def reach(host: str, port: int) -> socket.socket:
        return socket.create_connection((host, port), timeout=seconds)

    with bounded_line(url, seconds, reach) as connection:
        connection.request("POST", path_of(url), request, _HEADERS)
        answer = connection.getresponse()
        body = answer.read(most + 1)
    if answer.status != http.client.OK:
        raise NoAnswer(Text(f"对方答复 {answer.status}", f"it answered {answer.status}"))
    if len(body) > most:
        raise NoAnswer(Text(f"对方的答复超过{most}字节", f"its answer is longer than {most} bytes"))
    return body
