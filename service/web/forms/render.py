"""Render a form: its body, and the regions that change while it is filled in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.domain.forms import FieldError, Form, ReadableForm
from service.web.forms.build import Builder
from service.web.forms.look import NO_URLS, Beside, Cite, FormUrls, Line, Look, Mode, error_links, error_texts
from service.web.forms.parts import Part, Region, RowList, Section, on_sheets

BODY_ID = "form-body"


def render_readable(
    read: ReadableForm,
    *,
    urls: FormUrls = NO_URLS,
    language: str = "zh",
    printing: bool = False,
    apart: str = "",
    line: Line = str,
) -> Markup:
    """Return the body of a form to be read or printed; ``urls``, ``apart`` and ``line`` are those of `render_form`."""
    mode = Mode.PRINT if printing else Mode.READ
    look = Look(read.today, mode, urls, language, read.outside, apart=apart, line=line)
    return _render_body(Builder(read.form, {}, look, read=read), (), None)


def render_form(
    form: Form,
    values: Mapping[str, object],
    errors: Sequence[FieldError] = (),
    *,
    today: date,
    urls: FormUrls = NO_URLS,
    language: str = "zh",
    stored: Mapping[str, object] | None = None,
    cite: Cite | None = None,
    focus: str | None = None,
    shut: frozenset[str] = frozenset(),
    marked: frozenset[str] = frozenset(),
    apart: str = "",
    findings: bool = False,
    left: Sequence[FieldError] | None = None,
    colleagues: tuple[str, ...] = (),
    beside: Beside | None = None,
    line: Line = str,
    summed: bool = True,
) -> Markup:
    """Return the body of a form, to stand in the page's ``<form method=post enctype=multipart/form-data novalidate>``.

    Args:
        form: the compiled form.
        values: what was typed (``Form.from_html``) or saved.
        errors: what ``Form.check`` found, shown beside the fields and summed up on top.
        today: the date in Asia/Shanghai.
        urls: where refreshing and uploading lead, and how an uploaded file is shown.
        language: "zh" or "en".
        stored: what is kept of read-only fields, and values from outside the form.
        cite: draws a citation from a clause id.
        focus: path of a row that was just added; its first field takes the focus.
        shut: fields that stay as they are.
        marked: groups, lists and fields that must be corrected.
        apart: begins the ids of its elements, where several forms stand on one page.
        findings: whether its page fills in blank findings as normal (``Form.with_normal``).
        left: what is still open once blank findings were filled in, None where they were not.
        colleagues: names offered where the form asks for a colleague.
        beside: draws what is known on a field from elsewhere.
        line: says a line that the program wrote in the reader's language.
        summed: whether ``errors`` are summed up on top of it; else its page does that (``error_links``).
    """
    look = Look(
        today, Mode.EDIT, urls, language, stored or {}, cite, focus, shut, marked, apart, findings, colleagues, beside, line
    )  # fmt: skip
    return _render_body(Builder(form, values, look, error_texts(errors, look)), errors if summed else (), left)


def _render_body(builder: Builder, errors: Sequence[FieldError], open_errors: Sequence[FieldError] | None) -> Markup:
    look = builder.look
    parts = builder.build()
    return _draw_template(
        "forms/body.html",
        look,
        parts=on_sheets(parts),
        errors=error_links(errors, look, builder.values),
        left=None if open_errors is None else error_links(open_errors, look),
        editing=look.mode is Mode.EDIT,
        findings=bool(builder.findings),
        dynamic=any(True for _ in _iterate_regions(parts)),
        body_id=f"{look.apart}{BODY_ID}",
    )


def render_regions(
    form: Form,
    values: Mapping[str, object],
    *,
    today: date,
    urls: FormUrls = NO_URLS,
    language: str = "zh",
    stored: Mapping[str, object] | None = None,
    cite: Cite | None = None,
    seen: Collection[str] = (),
    shut: frozenset[str] = frozenset(),
    marked: frozenset[str] = frozenset(),
    findings: bool = False,
    colleagues: tuple[str, ...] = (),
    beside: Beside | None = None,
    line: Line = str,
) -> Markup:
    """Return the regions that depend on other fields, for htmx to swap each in its place.

    ``seen`` are the posted ``_seen`` marks: regions with fields that stood open when the request was sent. They are
    left alone while they stay open, so that what is being typed in them is not lost.
    """
    look = Look(
        today,
        Mode.EDIT,
        urls,
        language,
        stored or {},
        cite,
        None,
        shut,
        marked,
        "",
        findings,
        colleagues,
        beside,
        line,
    )
    parts = Builder(form, values, look).build()
    return _draw_template("forms/regions.html", look, regions=tuple(_iterate_changed(parts, frozenset(seen))))


def _iterate_regions(parts: tuple[Part, ...]) -> Iterator[Region]:
    for part in parts:
        if isinstance(part, Region):
            yield part
        yield from _iterate_regions(_get_children(part))


def _iterate_changed(parts: tuple[Part, ...], seen: frozenset[str]) -> Iterator[Region]:
    for part in parts:
        if isinstance(part, Region) and not (part.holds_inputs and part.parts and part.id in seen):
            yield part
        else:
            yield from _iterate_changed(_get_children(part), seen)


def _get_children(part: Part) -> tuple[Part, ...]:
    if isinstance(part, RowList):
        return tuple(inner for row in part.rows for inner in row.parts)
    return part.parts if isinstance(part, Section | Region) else ()


@cache
def _create_environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parents[1] / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _draw_template(template: str, look: Look, **context: object) -> Markup:
    text = _create_environment().get_template(template).render(t=look.t, urls=look.urls, mode=look.mode, **context)
    return Markup(text)  # noqa: S704  rendered by our own escaping templates
