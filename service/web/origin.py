"""Where a request without account comes from, as a number that tells nobody the address."""

from __future__ import annotations

from flask import request

from service.casework.people.patience import unguessable
from service.web.current import the_desk


def origin() -> str:
    """Return a keyed hash of the sender's address, the same in every process of this installation."""
    return unguessable(the_desk(), f"laurel origin {request.remote_addr or 'unknown'}")
