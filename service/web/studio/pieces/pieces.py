"""What the pages of forms and of documents share: a piece added, and JSON in the order of the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.save_file import Saved
from service.domain.errors import LaurelError
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.refusals import status_of

Index = Callable[[int, str, int], ResponseReturnValue]


def add_asked(draft: int, make: Callable[..., Saved], editor: str, index: Index) -> ResponseReturnValue:
    """Add the piece that a post describes and open it in ``editor``; what is refused is told on the page ``index`` makes."""
    ident, title, like = (request.form.get(name, "") for name in ("ident", "title", "like"))
    try:
        saved = make(the_desk(), the_actor(), draft, ident.strip(), title, like)
    except LaurelError as refusal:
        return index(draft, say(refusal.message), status_of(refusal))
    return redirect(url_for(editor, draft=draft, path=saved.path))


def ordered_json(answer: dict[str, Any]) -> Response:
    """Return JSON with the order of keys kept: it is that of the files."""
    return Response(orjson.dumps(answer), mimetype="application/json")
