"""Uploads in pieces over HTTP, by the protocol tus 1.0 (tus.io): announced by POST, sent by PATCH, asked about by HEAD.

An address for uploads takes a whole file in one POST; a POST with the header ``Tus-Resumable`` announces one instead.
Extensions: creation, checksum (sha1, sha256), expiration, termination. ``X-HTTP-Method-Override`` serves networks
that let no other method than POST through.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime

from flask import Response, current_app, make_response, request

from service.casework.tasks.unfinished_uploads import MOST_PIECE, Announced, Piece
from service.domain.errors import Invalid
from service.domain.forms import Form
from service.domain.text import Text
from service.domain.values.whole_numbers import whole_number
from service.store.rows import UnfinishedUploadRow
from service.web.frame.posted.upload_rules import rules_of

VERSION = "1.0.0"
_TYPE = "application/offset+octet-stream"
METHODS = ("GET", "HEAD", "PATCH", "DELETE", "POST")
"""GET tells what a file became; POST stands for the method that ``X-HTTP-Method-Override`` names."""


def is_announced() -> bool:
    """Return whether the request announces a file instead of sending it."""
    return "Tus-Resumable" in request.headers


def announced(form: Form, task_id: int | None = None) -> Announced:
    """Return what the request announces for a field of ``form``; raises Invalid, NotFound."""
    _check_version()
    size = whole_number(request.headers.get("Upload-Length", ""))
    if size is None or size < 0:
        raise Invalid(
            Text(
                "请求没有说明文件有多大（Upload-Length）。",
                "The request does not tell the file's size (Upload-Length).",
            )
        )
    path = request.args.get("field", "")
    rules, most = rules_of(form, path), current_app.config["MAX_CONTENT_LENGTH"]
    rules = replace(rules, max_bytes=min(rules.max_bytes, most))
    return Announced(path, _told("filename"), size, rules, task_id)


def asked_method() -> str:
    """Return the method that is meant: only a POST, which carries the mark of its page, may stand for another."""
    if request.method != "POST":
        return request.method
    return request.headers.get("X-HTTP-Method-Override", request.method).upper()


def sent_piece() -> Piece:
    """Return the piece that a PATCH brings; raises Invalid."""
    _check_version()
    if request.mimetype != _TYPE:
        raise Invalid(Text(f"附件的一段应以 {_TYPE} 发送。", f"A piece of a file is sent as {_TYPE}."))
    offset = whole_number(request.headers.get("Upload-Offset", ""))
    if offset is None or offset < 0:
        raise Invalid(
            Text(
                "请求没有说明这一段从哪里开始（Upload-Offset）。",
                "The request does not tell where the piece begins (Upload-Offset).",
            )
        )
    return Piece(offset, request.stream.read(MOST_PIECE + 1), _checksum())


def begun(row: UnfinishedUploadRow, address: str, until: datetime) -> Response:
    """Answer that a file may come, at ``address``."""
    answer = so_far(row, until, 201)
    answer.headers["Location"] = address
    return answer


def so_far(row: UnfinishedUploadRow, until: datetime, status: int = 204) -> Response:
    """Answer how far a file came."""
    answer = make_response(b"", status)
    answer.headers["Tus-Resumable"] = VERSION
    answer.headers["Upload-Offset"] = str(row.received)
    answer.headers["Upload-Length"] = str(row.size)
    answer.headers["Upload-Expires"] = format_datetime(until, usegmt=True)
    return answer


def gone() -> Response:
    """Answer that what had arrived is removed."""
    answer = make_response(b"", 204)
    answer.headers["Tus-Resumable"] = VERSION
    return answer


def _check_version() -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Invalid(
            Text(
                f"分段上传请用 tus {VERSION}（Tus-Resumable）。",
                f"Uploads in pieces speak tus {VERSION} (Tus-Resumable).",
            )
        )


def _told(name: str) -> str:
    """Return a value of ``Upload-Metadata``: pairs of a name and a text in base64, with commas between; "" if absent."""
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == name:
            try:
                return base64.b64decode(value, validate=True).decode("utf-8")
            except (binascii.Error, UnicodeDecodeError) as error:
                raise Invalid(
                    Text("文件名无法读取（Upload-Metadata）。", "The file's name cannot be read (Upload-Metadata).")
                ) from error
    return ""


def _checksum() -> tuple[str, bytes] | None:
    told = request.headers.get("Upload-Checksum")
    if told is None:
        return None
    name, _, digest = told.strip().partition(" ")
    try:
        return name.lower(), base64.b64decode(digest, validate=True)
    except binascii.Error as error:
        raise Invalid(
            Text("校验值无法读取（Upload-Checksum）。", "The checksum cannot be read (Upload-Checksum).")
        ) from error
