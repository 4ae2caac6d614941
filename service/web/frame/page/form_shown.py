"""Forms on pages: to be filled in, to be read, and as papers at the side."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NotRequired, TypedDict

from flask import request
from markupsafe import Markup

from service.casework.documents.received_files import faults_of
from service.casework.queries.downloads.files import FileReader, view_file_reader
from service.casework.reading.case_summary import FileView
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.submissions import Submission
from service.catalog import Package
from service.domain.errors import LaurelError
from service.domain.files.uploads import uploads_in
from service.domain.forms import FieldError, Form, ReadableForm
from service.domain.forms.html import NORMAL
from service.domain.forms.model import format_dotted_path
from service.domain.forms.normal import NormalField, normal_fields
from service.domain.text import Text
from service.web.forms import FormUrls, render_form, render_readable, render_regions
from service.web.forms.look import Beside
from service.web.forms.parts import NOTHING
from service.web.frame.page.names import translate_name
from service.web.frame.page.parts import macros_of
from service.web.frame.requests.current import language, the_actor, the_desk, the_settings

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
    summed: bool = True,
) -> Markup:
    """Return the form to be filled in; who fills it in sees what they typed, personal data too.

    ``against`` says by path why a field was not filled in as normal; ``summed`` that its errors are summed up on top of it.
    """
    return render_form(
        form,
        {**form.blank(), **values},
        errors,
        today=today,
        urls=_urls_to_fill(refresh_url, upload_url, values),
        language=language(),
        stored=stored,
        cite=build_citation_renderer(package),
        focus=focus,
        shut=shut,
        marked=marked,
        findings=findings,
        left=_list_open_errors(form, values, today, stored, against or {}) if NORMAL in request.form else None,
        colleagues=colleagues,
        beside=beside,
        line=translate_name,
        summed=summed,
    )


def _list_open_errors(
    form: Form, values: Mapping[str, Any], today: date, stored: Mapping[str, Any], against: Mapping[str, Text]
) -> Sequence[FieldError]:
    """Return what is still open of a form whose blank findings were filled in as normal.

    First what speaks ``against`` that, last the opinions that were written with it.
    """
    check = form.check(values, today=today, stored=stored)
    doubted = [replace(error, text=against[error.path]) for error in check.errors if error.path in against]
    written = (row for row in normal_fields(form.nodes, check.state) if not row.is_choice and row.found == row.normal)
    return [
        *doubted,
        *(error for error in check.errors if error.path not in against),
        *(FieldError(format_dotted_path(row.path), row.node.label, _describe_written(row)) for row in written),
    ]


def _describe_written(row: NormalField) -> Text:
    return Text(
        f"“{row.node.label.zh}”已代写“{row.normal}”，请核对或者改写。",
        f"“{row.node.label.en}” now says “{row.normal}”: check it, or write your own.",
    )


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
        stored=stored,
        cite=build_citation_renderer(package),
        seen=seen,
        shut=shut,
        marked=marked,
        findings=findings,
        colleagues=colleagues,
        beside=beside,
        line=translate_name,
    )


def show_readable(read: ReadableForm, *, printing: bool = False, apart: str = "", urls: FormUrls = READ_URLS) -> Markup:
    """Return a form to be read or printed.

    ``apart`` begins the ids of its elements, where several forms stand on one page; ``urls`` say where its files are shown.
    """
    form_urls = urls if printing else replace(urls, faults=_find_faults(read.values, sent=True))
    return render_readable(
        read, urls=form_urls, language=language(), printing=printing, apart=apart, line=translate_name
    )


def _urls_to_fill(refresh: str, upload: str, values: Mapping[str, Any]) -> FormUrls:
    largest = the_settings().upload_bytes
    return FormUrls(refresh=refresh, upload=upload, file=FILE_URL, faults=_find_faults(values), largest=largest)


def _find_faults(values: Mapping[str, Any], *, sent: bool = False) -> dict[str, Text]:
    """Return what is known against the files of a form, for who fills it in or, once it was ``sent``, who reads it."""
    faults = faults_of(the_desk(), set(uploads_in(values)))
    return {ident: fault.reader if sent else fault.sender for ident, fault in faults.items()}


def build_citation_renderer(package: Package) -> Callable[[Sequence[str]], Markup]:
    """Return what draws the citations beside a field, those of one article together."""
    articles = article_drawer(package)
    return lambda clauses: articles(cite(package, clauses))


def article_drawer(package: Package) -> Callable[[tuple[CitedArticle, ...]], Markup]:
    """Return what draws articles that are cited.

    Each are drawn once for a version of the package, a language and what they say there (other packages have a say in its
    English); there are as many as what cites in the version, and they are kept as long as it is.
    """
    lang, parts = language(), macros_of("components/case.html")

    def draw_articles(cited: tuple[CitedArticle, ...]) -> Markup:
        each = (parts.citation(it.article, it.id, translate_name(it.summary) or None, it.law, it.href) for it in cited)
        return Markup(" ").join(each)

    def draw_cached_articles(cited: tuple[CitedArticle, ...]) -> Markup:
        summaries = () if lang == "zh" else tuple((translate_name(it.summary), translate_name(it.law)) for it in cited)
        return package.derived(("drawn", lang, cited, summaries), lambda: draw_articles(cited))

    return draw_cached_articles


ASKED = "beside"
"""The name under which an address says which paper is shown: the number of a form, or ``f`` with the id of a file."""
_DO = f"{ASKED}:"
"""Begins the deed of a button that keeps what is typed and shows another paper; its key follows."""
_SHUT = "none"
_MOST_OPEN_FORMS = 4
_FIRST_FORMS = 2
_KEY = re.compile(rf"{_SHUT}|(?P<form>[0-9]{{1,18}})|f(?P<file>[0-9a-z-]{{1,36}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PapersBeside:
    """What the side shows: ``paper`` drawn, or a ``file`` to be read, or the sentence why a file is ``refused``.

    ``key`` names it in addresses, ``base`` is the address of the page; ``asked`` is false where it opened by itself.
    """

    base: str
    key: str
    case_id: int
    forms: tuple[Submission, ...]
    files: tuple[FileView, ...]
    paper: Submission | None = None
    drawn: Markup = NOTHING
    file: FileReader | None = None
    refused: Text | None = None
    upload: str = ""
    asked: bool = True

    @property
    def first_forms(self) -> tuple[Submission, ...]:
        """Return the forms that stand open to be chosen: all where they are few, else the first and the one shown."""
        if len(self.forms) <= _MOST_OPEN_FORMS:
            return self.forms
        return tuple(form for n, form in enumerate(self.forms) if n < _FIRST_FORMS or form is self.paper)

    @property
    def other_forms(self) -> tuple[Submission, ...]:
        """Return the forms that stand in the fold."""
        return tuple(form for form in self.forms if form not in self.first_forms)

    @property
    def at(self) -> int | None:
        """Return which of the files is shown, counted from 0; None where a form is."""
        return next((n for n, file in enumerate(self.files) if self.upload and file.upload == self.upload), None)


def is_paper_request() -> bool:
    """Return whether a button was pressed that shows another paper."""
    return request.form.get("do", "").startswith(_DO)


def papers_query() -> str:
    """Return the end of the address that keeps the papers open, "" where none is."""
    key = _get_paper_key()
    return f"?{ASKED}={key}" if key else ""


def side_urls(base: str, files: Sequence[FileView]) -> FormUrls:
    """Return the addresses of a form on the page ``base`` whose files open at its side."""
    uploads = frozenset(file.upload for file in files if file.upload)
    return FormUrls(file=FILE_URL, side=f"{base}?{ASKED}=f{{id}}", papers=uploads, swaps=bool(_get_paper_key()))


def build_papers_view(
    base: str, case_id: int, forms: Sequence[Submission], files: Sequence[FileView], at_once: str = ""
) -> PapersBeside | None:
    """Return the paper that the page was asked for; the first form, where it names none that is there.

    None where the page stands without papers. ``at_once`` is the key of the paper that opens where nothing was asked for.
    """
    key = _get_paper_key() or at_once
    match = _KEY.fullmatch(key)
    if match is None or key == _SHUT or not (forms or files):
        return None
    is_requested = bool(_get_paper_key())
    files = tuple(file for file in files if file.upload)
    upload = match["file"] or ("" if forms else str(files[0].upload))
    if upload and any(file.upload == upload for file in files):
        return _of_file(PapersBeside(base, key, case_id, tuple(forms), files, upload=upload, asked=is_requested))
    paper = next((candidate for candidate in forms if str(candidate.id) == match["form"]), forms[0] if forms else None)
    if paper is None:
        return None
    drawn = show_readable(paper.read, apart="paper-", urls=replace(side_urls(base, files), swaps=True))
    return PapersBeside(base, str(paper.id), case_id, tuple(forms), files, paper, drawn, asked=is_requested)


def _of_file(papers: PapersBeside) -> PapersBeside:
    """Return the file to be read, or why it is not shown: the page itself is shown all the same."""
    file, refused = None, None
    try:
        file = view_file_reader(the_desk(), the_actor(), papers.upload)
    except LaurelError as refusal:
        refused = refusal.message
    return replace(papers, file=file, refused=refused)


def _get_paper_key() -> str:
    key = request.form["do"].removeprefix(_DO) if is_paper_request() else request.values.get(ASKED, "")
    return key if _KEY.fullmatch(key) else ""
