"""Templates' macros, set up once for a language and a year instead of once for every page that uses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import Template
from jinja2.environment import TemplateModule

from service.domain.calendar import local_date
from service.web.forms.lean_templates import LeanCode
from service.web.frame.page.in_english import namer
from service.web.frame.requests.current import language, speaker, the_desk

FRAME_WORDS = ("lang", "t", "named", "say", "this_year")
"""Names that every page has and that are the same for all readers of a language in a year."""

SHARED = frozenset(
    f"{name}.html"
    for name in (
        "cases/board_parts",
        "cases/note_parts",
        "cases/parts",
        "components/case",
        "components/form",
        "components/progress",
        "components/ui",
        "studio/run_parts",
        "tasks/beside_item",
        "tasks/next_up",
        "tasks/parts",
        "tasks/sign_parts",
    )
)
"""Templates that use nothing of a page but ``FRAME_WORDS`` and global names: whoever reads, their macros are the same."""


def frame_words() -> dict[str, Any]:
    """Return the ``FRAME_WORDS`` for the reader of this page."""
    lang = language()
    names = namer(lang)
    year = local_date(the_desk().clock.now()).year
    return {"lang": lang, "t": speaker(lang), "named": names, "say": names, "this_year": year}


def shared_parts(template: str) -> Any:
    """Return the macros of ``template``, one of ``SHARED``, for the program to call itself."""
    return current_app.jinja_env.get_template(template).make_module(frame_words())


class PartsTemplate(Template):
    """A template that sets up its macros once for a language and a year where it is one of ``SHARED``."""

    environment: PartsEnvironment

    def make_module(
        self, vars: dict[str, Any] | None = None, shared: bool = False, locals: Mapping[str, Any] | None = None
    ) -> TemplateModule:
        """Return the macros: those kept for the words of the frame in ``vars``, new ones where something else is given.

        They are kept as long as the application lives, by template, language and year; nothing of a request is in them.
        """
        given, kept = vars or {}, self.environment.kept_parts
        lang = given.get("lang")
        if self.name not in SHARED or not lang or given.get("t") is not speaker(lang):
            return super().make_module(vars, shared, locals)
        key = self.name, lang, given["this_year"]
        if key not in kept:
            kept[key] = super().make_module({name: given[name] for name in FRAME_WORDS})
        return kept[key]


class PartsEnvironment(Environment):
    """The templates of an application, with the macros that its pages share."""

    template_class = PartsTemplate
    code_generator_class = LeanCode

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self.kept_parts: dict[tuple[str, str, int], TemplateModule] = {}
