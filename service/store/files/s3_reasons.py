"""Why a service that speaks S3 did not do what it was asked, in words: obstore says it in English."""

from __future__ import annotations

import re

from obstore.exceptions import BaseError, NotSupportedError

from service.domain.text import Text

_STATUS = re.compile(r"status code: (\d{3})\b")
_OF_STATUS = {
    "401": Text("拒绝访问，KEY、SECRET 不对", "access refused: KEY or SECRET is wrong"),
    "403": Text("拒绝访问，KEY、SECRET 不对或者没有权限", "access refused: KEY or SECRET is wrong, or has no right"),
    "404": Text("没有这个存储桶", "there is no such bucket"),
}
_SILENT = "error sending request"
_NOT_KNOWN = re.compile(r"NotImplemented|\b501 Not Implemented\b")


def why_unreachable(error: BaseException) -> Text:
    """Return why the service did not do what it was asked, by the status of its answer where it gave one."""
    said = (str(error).splitlines() or [""])[0]
    status = _STATUS.search(said)
    if status is not None:
        known = _OF_STATUS.get(status[1])
        return known or Text(f"服务答复 HTTP {status[1]}", f"the service answers HTTP {status[1]}")
    if _SILENT in said:
        return Text("没有应答", "no answer")
    return Text("连接出错", said)


def knows_conditions(error: BaseError) -> bool:
    """Return whether a request failed for another reason than that the service knows no conditions."""
    return not isinstance(error, NotSupportedError) and not _NOT_KNOWN.search(str(error))
