"""Templates' macros that the program calls itself, set up once for a language."""

from __future__ import annotations

from typing import Any, cast

from flask import current_app

from service.web.frame.current import language, speaker

_KEY = "laurel.shared_parts"


def shared_parts(template: str) -> Any:
    """Return the macros of ``template`` in the reader's language; they may use ``t``, ``lang`` and the global names.

    They are kept for the life of the application, by template and language: as many as callers times languages. Nothing of
    a request is in them.
    """
    kept = cast("dict[tuple[str, str], Any]", current_app.extensions.setdefault(_KEY, {}))
    lang = language()
    if (template, lang) not in kept:
        words = {"t": speaker(lang), "lang": lang}
        kept[template, lang] = current_app.jinja_env.get_template(template).make_module(words)
    return kept[template, lang]
