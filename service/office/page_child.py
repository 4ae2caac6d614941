"""The child process that draws pages of foreign PDF files; started by `service.office.sandbox`.

``python -m service.office.page_child MEMORY SECONDS``: apart from the other child, so that nobody's upload waits for a
long document, and small, since it holds nothing but the reader of PDF files.
"""

from __future__ import annotations

import sys
from typing import Any

from service.office.active_pdf import active_in_pdf
from service.office.pages import read_pages
from service.office.protocol import Task
from service.office.serving import serve


def _found(asked: dict[str, Any], content: bytes) -> Any:
    if asked["task"] == Task.ACTIVE:
        found = active_in_pdf(content)
        return found.name if found else None
    return read_pages(content, int(asked["first"]), int(asked["count"]))


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), _found)
