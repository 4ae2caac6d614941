"""The child process that reads foreign files; started by `service.office.sandbox`, never by people.

``python -m service.office.child MEMORY SECONDS`` limits itself to so many bytes beyond what it starts with and so many
seconds of processor time for each file, then answers until its input ends.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import docxtpl  # noqa: F401
import openpyxl  # noqa: F401
import pypdfium2  # noqa: F401  all of them loaded before the limits hold, not within them

from service.domain.files.uploads import container_kind
from service.office.active_office import active_in_office
from service.office.active_pdf import active_in_pdf, fault_of_pdf
from service.office.layout_filling import Templates, fill_layout, templates_of
from service.office.layout_tags import tagged_members
from service.office.prose import read_prose
from service.office.protocol import Task
from service.office.serving import serve_answers
from service.office.tables import read_rows


@lru_cache(maxsize=4)
def _load_templates(layout: bytes) -> Templates:
    return templates_of(tagged_members(layout))


def _do_task(request: dict[str, Any], content: bytes) -> Any:
    if request["task"] == Task.ROWS:
        return read_rows(request["name"], content)
    if request["task"] == Task.FILL:
        return fill_layout(_load_templates(content), request["values"])
    if request["task"] == Task.PROSE:
        return asdict(read_prose(request["name"], content))
    if request["task"] == Task.PDF_FAULT:
        return fault_of_pdf(content)
    if request["task"] == Task.ACTIVE:
        active = active_in_office(content) if content.startswith(b"PK") else active_in_pdf(content)
        return active.name if active else None
    kind = container_kind(content)
    return kind.value if kind else None


if __name__ == "__main__":
    serve_answers(int(sys.argv[1]), int(sys.argv[2]), _do_task)
