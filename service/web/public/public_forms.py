"""Forms filled in without an account: as posted, with their files, and as shown again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import IO, Any

from flask import request
from markupsafe import Markup

from service.casework.public.attach import PUBLIC_MAX_BYTES, attach_publicly, find_public_upload
from service.casework.public.view_receipt import ReceiptView
from service.casework.queries.public.lodging import LodgingView
from service.casework.tasks.attach_upload import Attached
from service.domain.forms import FieldError, Form
from service.web.forms import FormUrls, render_form, render_regions
from service.web.frame.page.form_shown import citer
from service.web.frame.posted.form_posts import keep_files
from service.web.frame.posted.upload_rules import rules_of
from service.web.frame.requests.current import language, the_actor, the_desk, the_settings
from service.web.frame.requests.origin import origin

FILE_URL = "/objections/uploads/{id}"


def read_public_form(form: Form) -> dict[str, Any]:
    """Return what was posted for ``form``, with the files that were uploaded without account."""
    return dict(form.from_html(request.form, partial(find_public_upload, the_desk(), the_actor())))


def take_public_files(form: Form, values: dict[str, Any]) -> list[FieldError]:
    """Store the files that came with the form (no scripts) and put them into ``values``; returns what was refused."""

    def keep(path: str, name: str, stream: IO[bytes]) -> Attached:
        return attach_publicly(the_desk(), the_actor(), path, name, stream, rules_of(form, path), origin())

    return keep_files(form, values, keep)


def _unsaid(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form may read without the sentences about the city's settings, which are for its own staff."""
    return {**settings, "setting": {}, "setting_en": {}}


def _urls(refresh: str, upload: str) -> FormUrls:
    largest = min(the_settings().upload_bytes, PUBLIC_MAX_BYTES)
    return FormUrls(refresh=refresh, upload=upload, file=FILE_URL, largest=largest)


def show_public_form(
    form: Form,
    values: Mapping[str, Any],
    errors: Sequence[FieldError],
    view: LodgingView | ReceiptView,
    *,
    upload: str,
    refresh: str = "",
    focus: str | None = None,
) -> Markup:
    """Return the form to be filled in by a visitor without account; ``upload`` is where scripts send its files."""
    return render_form(
        form,
        {**form.blank(), **values},
        errors,
        today=view.today,
        urls=_urls(refresh, upload),
        language=language(),
        reveal=True,
        stored=_unsaid(view.settings),
        cite=citer(view.package),
        focus=focus,
    )


def show_public_regions(
    form: Form,
    values: Mapping[str, Any],
    seen: Collection[str],
    view: LodgingView | ReceiptView,
    *,
    upload: str,
    refresh: str,
) -> Markup:
    """Return the parts of the form that depend on what was typed."""
    return render_regions(
        form,
        values,
        today=view.today,
        urls=_urls(refresh, upload),
        language=language(),
        reveal=True,
        stored=_unsaid(view.settings),
        cite=citer(view.package),
        seen=seen,
    )
