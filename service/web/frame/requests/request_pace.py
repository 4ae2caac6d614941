"""The throttle: too many requests of an address or a person within a minute are refused."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from flask import Flask, current_app, g, request

from service.casework.access.sign_in_proof import PROVED_FIRST
from service.casework.people.factors.password_throttle import keyed_hash
from service.domain.errors import LaurelError
from service.domain.running.pace import Pace
from service.domain.text import Text
from service.settings import Settings
from service.web.frame.requests.cookies import SAFE
from service.web.frame.requests.current import requested_guard, the_desk


def hash_sender_network() -> str:
    """Return a keyed hash of the sender's network, the same in every process of this installation."""
    return keyed_hash(the_desk(), f"laurel origin {get_sender_network(request.remote_addr or 'unknown')}")


def get_sender_network(address: str) -> str:
    """Return what counts as one sender: an IPv4 address, or the /64 of an IPv6 address, of which one line has 2^64."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.IPv6Network((ip, 64), strict=False))


LOG = logging.getLogger("laurel.web")
ACTS = PROVED_FIRST | {
    *("case.start", "case.act", "task.complete", "task.complete_many", "task.send_back", "task.take_back", "task.sign"),
    *("task.delegate", "draft.review", "sitting.call", "review.manage", "review.declare", "experts.manage"),
}
"""What decides something, and what nobody does faster than they can read it."""

AT_ONCE = 30
"""Such acts that may follow each other without a pause: a list that was read is done one click after another."""

_PACES = "laurel.paces"


class TooManyRequests(LaurelError):
    """An address or a person asked more often within a minute than anybody can read."""

    code = "too_many_requests"

    def __init__(self, message: Text, seconds: int) -> None:
        super().__init__(message)
        self.retry_after = seconds


@dataclass(frozen=True, slots=True)
class Paces:
    """The limits of one process; ``noted`` lets the log have one line a minute of each that is refused."""

    address: Pace
    person: Pace
    acts: Pace
    noted: Pace


def limit_requests(
    app: Flask, settings: Settings, clock: Callable[[], float] = time.monotonic, processes: int = 1
) -> None:
    """Let ``app`` refuse what comes too often, as ``settings`` say; a demonstration, which only its own machine opens, does not.

    Each of several ``processes`` counts by itself, and lets its share of the requests through.
    """
    limits = (0, 0, 0) if settings.demo else settings.requests
    address, person, acts = (-(-limit // processes) for limit in limits)
    app.extensions[_PACES] = Paces(
        Pace(address, clock),
        Pace(person, clock),
        Pace(acts, clock, AT_ONCE),
        Pace(1, clock),
    )


def check_address() -> None:
    """Count the request for the address that it comes from, or its network (IPv6: /64). Raises TooManyRequests."""
    sender = get_sender_network(request.remote_addr or "")
    wait = _get_paces().address.seconds_to_wait(("address", sender))
    if wait:
        _raise_too_many("address", sender, wait)


def check_person() -> None:
    """Count the request for the person who is signed in, and once more where it decides something. Raises TooManyRequests."""
    person = g.actor.person_id
    if person is None:
        return
    wait = _get_paces().person.seconds_to_wait(("person", person))
    if wait:
        _raise_too_many("person", person, wait)
    if request.method not in SAFE and _get_action() in ACTS:
        wait = _get_paces().acts.seconds_to_wait(("acts", person))
        if wait:
            _raise_too_many("acts of person", person, wait)


def _get_action() -> str:
    guard = requested_guard()
    return guard.action if guard is not None else ""


def _get_paces() -> Paces:
    paces = current_app.extensions[_PACES]
    assert isinstance(paces, Paces)
    return paces


def _raise_too_many(whose: str, who: Hashable, seconds: int) -> None:
    if _get_paces().noted.seconds_to_wait((whose, who)) == 0:
        LOG.warning("too many requests: %s", whose)
    raise TooManyRequests(
        Text(
            f"一分钟内的请求过多，这一次没有办理，请返回上一页，{seconds} 秒后再试，填写的内容还在那一页上。",
            f"Too many requests within a minute: this one was not carried out. Go back and try again in {seconds} "
            "seconds; what you typed is still on that page.",
        ),
        seconds,
    )
