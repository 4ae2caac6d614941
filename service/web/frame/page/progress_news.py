"""Answer a page that asks how far work over many cases has come since it was shown."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, jsonify, request

from service.domain.wording.counted import counted
from service.web.frame.requests.current import t
from service.web.frame.requests.parse_values import cursor


def progress_news(settled: int, progress: Mapping[str, tuple[int, int]]) -> Response:
    """Say how many of the ``settled`` cases got their result after the ``since`` that the page counted, and how far all is.

    ``progress`` is {name of a line of the page: (cases in all, of these done)}.
    """
    fresh = max(0, settled - (cursor(request.args, "since") or 0))
    message = t(f"又有 {fresh} 件有了结果，点此更新", f"{fresh} more have a result: show them")
    if all(done >= total for total, done in progress.values()):
        message = t("已全部办完，点此查看结果", "All is done: show the results")
    lines = {
        name: {"done": done, "total": total, "words": progress_words(total, done)}
        for name, (total, done) in progress.items()
    }
    return jsonify(count=fresh, message=message, progress=lines)


def progress_words(total: int, done: int) -> str:
    """Return in words how many of ``total`` cases are done."""
    return t(f"共 {total} 件，已办 {done} 件。", f"{counted(total, 'case')}, {done} done.")
