"""The papers of a case at the side of a page: submitted forms and files, one of them shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from markupsafe import Markup

from service.casework.queries.downloads.file_reader import FileReader, view_file_reader
from service.casework.reading.case_summary import FileView
from service.casework.reading.submissions import Submission
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.web.forms import FormUrls
from service.web.forms.parts import NOTHING
from service.web.frame.page.form_shown import FILE_URL, show_values
from service.web.frame.requests.current import the_actor, the_desk

ASKED = "beside"
"""The name under which an address says which paper is shown: the number of a form, or ``f`` with the id of a file."""
_DO = f"{ASKED}:"
"""Begins the deed of a button that keeps what is typed and shows another paper; its key follows."""
_KEY = re.compile(r"(?P<form>[0-9]{1,18})|f(?P<file>[0-9a-z-]{1,36})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PapersBeside:
    """What the side shows: ``paper`` drawn, or a ``file`` to be read, or the sentence why a file is ``refused``.

    ``key`` names it in addresses, ``base`` is the address of the page.
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

    @property
    def at(self) -> int | None:
        """Return which of the files is shown, counted from 0; None where a form is."""
        return next((n for n, one in enumerate(self.files) if self.upload and one.upload == self.upload), None)


def asked_papers() -> bool:
    """Return whether a button was pressed that shows another paper."""
    return request.form.get("do", "").startswith(_DO)


def papers_query() -> str:
    """Return the end of the address that keeps the papers open, "" where none is."""
    key = _asked()
    return f"?{ASKED}={key}" if key else ""


def side_urls(base: str, files: Sequence[FileView]) -> FormUrls:
    """Return the addresses of a form on the page ``base`` whose files open at its side."""
    known = frozenset(file.upload for file in files if file.upload)
    return FormUrls(file=FILE_URL, side=f"{base}?{ASKED}=f{{id}}", papers=known, swaps=bool(_asked()))


def papers_shown(
    base: str, case_id: int, forms: Sequence[Submission], files: Sequence[FileView]
) -> PapersBeside | None:
    """Return the paper that the page was asked for; the first form, where it names none that is there.

    None where the page stands without papers.
    """
    key = _asked()
    found = _KEY.fullmatch(key)
    if found is None or not (forms or files):
        return None
    files = tuple(file for file in files if file.upload)
    upload = found["file"] or ("" if forms else str(files[0].upload))
    if upload and any(file.upload == upload for file in files):
        return _of_file(PapersBeside(base, key, case_id, tuple(forms), files, upload=upload))
    paper = next((one for one in forms if str(one.id) == found["form"]), forms[0] if forms else None)
    if paper is None:
        return None
    drawn = show_values(
        paper.form,
        paper.values,
        paper.today,
        outside=paper.settings,
        apart="paper-",
        reveal=paper.own,
        urls=side_urls(base, files),
    )
    return PapersBeside(base, str(paper.id), case_id, tuple(forms), files, paper, drawn)


def _of_file(papers: PapersBeside) -> PapersBeside:
    """Return the file to be read, or why it is not shown: the page itself is shown all the same."""
    file, refused = None, None
    try:
        file = view_file_reader(the_desk(), the_actor(), papers.upload)
    except LaurelError as refusal:
        refused = refusal.message
    return PapersBeside(
        papers.base,
        papers.key,
        papers.case_id,
        papers.forms,
        papers.files,
        None,
        Markup(""),
        file,
        refused,
        papers.upload,
    )


def _asked() -> str:
    key = request.form["do"].removeprefix(_DO) if asked_papers() else request.values.get(ASKED, "")
    return key if _KEY.fullmatch(key) else ""
