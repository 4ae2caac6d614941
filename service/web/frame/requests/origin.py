"""The origin of a request without account, as a keyed hash that does not reveal the address."""

from __future__ import annotations

import ipaddress

from flask import request

from service.casework.people.factors.password_throttle import keyed_hash
from service.web.frame.requests.current import the_desk


def origin() -> str:
    """Return a keyed hash of the sender's network, the same in every process of this installation."""
    return keyed_hash(the_desk(), f"laurel origin {network(request.remote_addr or 'unknown')}")


def network(address: str) -> str:
    """Return what counts as one sender: an IPv4 address, or the /64 of an IPv6 address, of which one line has 2^64."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((found, 64), strict=False))
