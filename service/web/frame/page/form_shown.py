"""Forms on pages: with citations that open, uploads, and the personal data the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NotRequired, TypedDict

from flask import request
from markupsafe import Markup

from service.casework.documents.doubtful_file import faults_of
from service.casework.reading.citations import CitedArticle, cite
from service.catalog import Package
from service.domain.forms import FieldError, Form
from service.domain.forms.html import NORMAL
from service.domain.text import Text
from service.web.forms import FormUrls, Mode, render_form, render_regions
from service.web.forms.look import Beside
from service.web.frame.page.in_english import named
from service.web.frame.page.shared_parts import shared_parts
from service.web.frame.requests.current import language, the_desk, the_settings

FILE_URL = "/uploads/{id}"
READ_URLS = FormUrls(file=FILE_URL)
"""Addresses of a form whose files are handed out."""


class Placing(TypedDict):
    """What a form needs to know of its page: date, what is kept of it, its package, where uploads and refreshes go.

    ``findings`` says that its page fills in blank findings as normal; ``colleagues`` are names offered where one is asked for;
    ``beside`` draws what is known on a field from elsewhere.
    """

    today: date
    stored: Mapping[str, Any]
    package: Package
    refresh_url: str
    upload_url: NotRequired[str]
    shut: NotRequired[frozenset[str]]
    marked: NotRequired[frozenset[str]]
    findings: NotRequired[bool]
    colleagues: NotRequired[tuple[str, ...]]
    beside: NotRequired[Beside | None]


def show_form(
    form: Form,
    values: Mapping[str, Any],
    errors: Sequence[FieldError],
    *,
    today: date,
    stored: Mapping[str, Any],
    package: Package,
    upload_url: str = "",
    refresh_url: str = "",
    focus: str | None = None,
    shut: frozenset[str] = frozenset(),
    marked: frozenset[str] = frozenset(),
    findings: bool = False,
    colleagues: tuple[str, ...] = (),
    beside: Beside | None = None,
    against: Mapping[str, Text] | None = None,
) -> Markup:
    """Return the form to be filled in; who fills it in sees what they typed, personal data too.

    ``against`` says by path why a field was not filled in as normal.
    """
    return render_form(
        form,
        {**form.blank(), **values},
        errors,
        today=today,
        urls=_urls_to_fill(refresh_url, upload_url, values),
        language=language(),
        reveal=True,
        stored=stored,
        cite=citer(package),
        focus=focus,
        shut=shut,
        marked=marked,
        findings=findings,
        left=_left(form, values, today, stored, against or {}) if NORMAL in request.form else None,
        colleagues=colleagues,
        beside=beside,
        line=named,
    )


def _left(
    form: Form, values: Mapping[str, Any], today: date, stored: Mapping[str, Any], against: Mapping[str, Text]
) -> Sequence[FieldError]:
    """Return what is still open of a form whose blank findings were filled in as normal; first what speaks ``against`` that."""
    still = form.check(values, today=today, stored=stored).errors
    doubted = [replace(one, text=against[one.path]) for one in still if one.path in against]
    return [*doubted, *(one for one in still if one.path not in against)]


def show_regions(
    form: Form,
    values: Mapping[str, Any],
    seen: Collection[str],
    *,
    today: date,
    stored: Mapping[str, Any],
    package: Package,
    upload_url: str = "",
    refresh_url: str = "",
    shut: frozenset[str] = frozenset(),
    marked: frozenset[str] = frozenset(),
    findings: bool = False,
    colleagues: tuple[str, ...] = (),
    beside: Beside | None = None,
) -> Markup:
    """Return the parts of the form that depend on what was typed."""
    return render_regions(
        form,
        values,
        today=today,
        urls=_urls_to_fill(refresh_url, upload_url, values),
        language=language(),
        reveal=True,
        stored=stored,
        cite=citer(package),
        seen=seen,
        shut=shut,
        marked=marked,
        findings=findings,
        colleagues=colleagues,
        beside=beside,
        line=named,
    )


def show_values(
    form: Form,
    values: Mapping[str, Any],
    today: date,
    *,
    outside: Mapping[str, Any],
    reveal: bool = False,
    printing: bool = False,
    apart: str = "",
    urls: FormUrls = READ_URLS,
) -> Markup:
    """Return a submitted form to be read or printed; personal data are masked unless revealed.

    ``outside`` are the settings its conditions read; ``apart`` begins the ids of its elements, where several
    forms stand on one page. ``urls`` say where its files are shown.
    """
    return render_form(
        form,
        values,
        today=today,
        mode=Mode.PRINT if printing else Mode.READ,
        urls=urls if printing else replace(urls, faults=_faults(values, sent=True)),
        language=language(),
        reveal=reveal,
        stored=outside,
        apart=apart,
        line=named,
    )


def _urls_to_fill(refresh: str, upload: str, values: Mapping[str, Any]) -> FormUrls:
    largest = the_settings().upload_bytes
    return FormUrls(refresh=refresh, upload=upload, file=FILE_URL, faults=_faults(values), largest=largest)


def _faults(values: Mapping[str, Any], *, sent: bool = False) -> dict[str, Text]:
    """Return what is known against the files of a form, for who fills it in or, once it was ``sent``, who reads it."""
    found = faults_of(the_desk(), set(_files(values)))
    return {ident: fault.reader if sent else fault.sender for ident, fault in found.items()}


def _files(value: object) -> Iterator[str]:
    """Yield the ids of the files among the values of a form."""
    if isinstance(value, Mapping):
        if {"id", "name", "size"} <= value.keys():
            yield str(value["id"])
        for one in value.values():
            yield from _files(one)
    elif isinstance(value, list):
        for one in value:
            yield from _files(one)


def citer(package: Package) -> Callable[[Sequence[str]], Markup]:
    """Return what draws the citations beside a field, those of one article together."""
    articles = article_drawer(package)
    return lambda clauses: articles(cite(package, clauses))


def article_drawer(package: Package) -> Callable[[tuple[CitedArticle, ...]], Markup]:
    """Return what draws articles that are cited.

    Each are drawn once for a version of the package, a language and what they say there (other packages have a say in its
    English); there are as many as what cites in the version, and they are kept as long as it is.
    """
    lang, parts = language(), shared_parts("components/case.html")

    def drawn(cited: tuple[CitedArticle, ...]) -> Markup:
        each = (parts.citation(it.article, it.id, named(it.summary) or None, it.law, it.href) for it in cited)
        return Markup(" ").join(each)

    def articles(cited: tuple[CitedArticle, ...]) -> Markup:
        said = () if lang == "zh" else tuple((named(it.summary), named(it.law)) for it in cited)
        return package.derived(("drawn", lang, cited, said), lambda: drawn(cited))

    return articles
