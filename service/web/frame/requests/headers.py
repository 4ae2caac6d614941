"""Response headers for security and caching."""

from __future__ import annotations

from flask import Response, g, request

from service.web.frame.requests.current import the_settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types laurel"
)
"""What a page may load and where it may send: ours alone; text becomes elements by our own door alone."""

_USUAL = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
)
"""What every answer says, unless it says something stricter itself."""

_YEAR = 365 * 24 * 3600


def policy_of_contents() -> str:
    """Return the policy of the page that is answered: where diagrams are drawn, their library has a door as well."""
    return f"{POLICY} default" if g.get("draws") else POLICY


def harden(answer: Response) -> Response:
    """Add the policy of contents, sources, frames and caching to ``answer``: nothing but what is static is kept anywhere."""
    headers = answer.headers
    headers.setdefault("Content-Security-Policy", policy_of_contents())
    for name, value in _USUAL:
        headers.setdefault(name, value)
    if the_settings().https:
        whole = "; includeSubDomains" if the_settings().https_below else ""
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}{whole}"
    if request.path.startswith("/api/") and answer.is_json:
        headers.setdefault("Content-Disposition", 'attachment; filename="api.json"')  # nobody reads it as a page
    if request.endpoint == "static":
        # Bundles are addressed with the hash of what they hold.
        headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if request.args.get("v") else "no-cache"
    else:
        headers.setdefault("Cache-Control", "no-store")
        if headers["Cache-Control"] == "no-cache":  # what Flask says of a file that is handed out
            headers["Cache-Control"] = "no-store"
    if (request.endpoint or "").startswith("ballots."):
        headers["Cache-Control"] += ", no-transform"  # compressed, what fills as many bytes for every choice would not
    return answer
