"""What several operations take and give: files, fields of forms, and what leaves of things that many answers name."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Annotated

from service.casework.desk.desk import Desk
from service.casework.queries.downloads.files import Download
from service.casework.queries.limits import TimeLimit
from service.casework.reading.citations import CitedArticle
from service.casework.tasks.attach_upload import Attached
from service.domain.errors import NotFound
from service.domain.forms import Form, UploadRules
from service.domain.forms.describe import FieldInfo
from service.domain.forms.model import Option
from service.domain.text import Text
from service.domain.values.bounds import Content, Example, Length
from service.web.api.derive import Remembered, offer
from service.web.frame.page.files import rules_of

offer(Text, "zh en")
offer(CitedArticle, "id article summary law", Remembered)
offer(TimeLimit, "remaining last_day kind state reason useful law")
offer(Option, "value label")
offer(
    FieldInfo,
    "path label type required options hidden_when locked_when required_when minimum maximum min_length max_length"
    " digits format least_rows",
)
offer(Attached, "id name size")


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file: its name, its kind, and its bytes in base64."""

    name: str
    media_type: str
    content: Content


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file for a field of a form.

    ``field`` is the path of the field, in which ``[]`` is the number of the row from 0, ``papers.0.scan``. ``content`` is base64 of
    20 MB at most and of a kind that the field takes, which its refusal names: PDF, JPG, PNG, DOCX, in few fields XLSX.
    """

    field: Annotated[str, Length(1, 200)]
    name: Annotated[str, Length(1, 255), Example("执照.pdf")]
    content: Content

    @property
    def stream(self) -> io.BytesIO:
        """Its bytes to read."""
        return io.BytesIO(self.content)

    def rules(self, form: Form | None) -> UploadRules:
        """Return what a form asks of its files; raises NotFound where there is no form, or none with that field."""
        if form is None:
            raise NotFound(Text("此处没有表单。", "There is no form here."))
        return rules_of(form, self.field)


def hand_out(download: Download) -> HandedFile:
    """Return a file with its bytes."""
    with download.content as content:
        return HandedFile(download.name, download.kind, content.read())


def read_rows(desk: Desk, name: str, content: bytes) -> list[list[str]]:
    """Return the lines of a spreadsheet, read where it can do no harm."""
    return [list(row) for row in desk.sandbox.rows(name, content)]
