"""Where a request without account comes from, as a number that tells nobody the address."""

from __future__ import annotations

import hashlib
import hmac

from flask import request

from service.web.current import the_settings


def origin() -> str:
    """Return a keyed hash of the sender's address, the same in every process of this installation."""
    address = request.remote_addr or "unknown"
    return hmac.new(the_settings().database.encode(), f"laurel origin {address}".encode(), hashlib.sha256).hexdigest()
