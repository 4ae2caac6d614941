"""Response headers for security and caching."""

from __future__ import annotations

from flask import Response, g, request

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors {ancestors}"
)
_YEAR = 365 * 24 * 3600


def allow_inline_styles() -> None:
    """Let this answer hold inline styles: the studio's editors need them, nothing else does."""
    g.inline_styles = True


def allow_own_frames() -> None:
    """Let our own pages show this answer in a frame (previews)."""
    g.own_frames = True


def harden(answer: Response) -> Response:
    """Add the policy of contents, sources, frames and caching to ``answer``."""
    styles = "'self' 'unsafe-inline'" if g.get("inline_styles") else "'self'"
    ancestors = "'self'" if g.get("own_frames") else "'none'"
    headers = answer.headers
    headers.setdefault("Content-Security-Policy", _POLICY.format(styles=styles, ancestors=ancestors))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint == "static":
        # Bundles are addressed with the hash of what they hold.
        headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if request.args.get("v") else "no-cache"
    else:
        headers.setdefault("Cache-Control", "no-store")
    return answer
