"""The wire protocol between the server and the sandboxed child: messages of bytes, each after its length."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from service.domain.text import Text

_LENGTH = struct.Struct("!I")
LONGEST = 64 * 1024 * 1024
"""Bytes of the longest message; a longer answer is no answer."""


class Task(StrEnum):
    """What is asked of the child."""

    ROWS = "rows"
    CONTAINER = "container"
    FILL = "fill"
    PROSE = "prose"
    TYPESET = "typeset"
    FAMILIES = "families"
    PDF_FAULT = "pdf_fault"
    ACTIVE = "active"


class Remark(StrEnum):
    """What a reader is told of a document besides its text."""

    REVISIONS = "revisions"
    NOTES = "notes"
    NUMBERS = "numbers"
    UNREAD = "unread"
    STRUCK = "struck"
    RAISED = "raised"


REMARK_WORDS: Mapping[str, Text] = {
    Remark.REVISIONS: Text(
        "这个文件里还有未接受的修订：已按“接受全部修订”读入，请对照定稿核对。",
        "This file holds changes that nobody accepted: it was read as if all were accepted; compare it with the final text.",
    ),
    Remark.NUMBERS: Text(
        "这个文件里有自动编号或者项目符号：编号已按规则补写在段首，项目符号没有，请核对条号；不对的，请在文件里把编号转为文本。",
        "This file numbers paragraphs automatically: numbers were written before them, bullets were not. Check the articles.",
    ),
    Remark.UNREAD: Text(
        "这个文件里有没有读入的内容：图片、公式、特殊符号、隐藏文字、嵌入的文件或者页眉页脚；属于正文的，请另行粘贴。",
        "This file holds what was not read: pictures, formulas, symbols, hidden text, embedded files, headers or footers: "
        "paste what belongs to the text.",
    ),
    Remark.STRUCK: Text(
        "这个文件里有带删除线的文字，已照样读入；已经删去的，请从正文中删除。",
        "This file holds text that is struck through, which was read as it stands: remove what no longer holds.",
    ),
    Remark.RAISED: Text(
        "这个文件里有上标或者下标：数字已写成 ² 或 ₂，别的写在 ^ 或 _ 之后，请核对；是注释号的，请从正文中删除。",
        "This file holds superscripts or subscripts: digits were written as ² or ₂, all else behind ^ or _. Check them, and "
        "remove marks of notes.",
    ),
    Remark.NOTES: Text(
        "这个文件里有脚注或者尾注，没有读入；属于正文的，请另行粘贴。",
        "This file has footnotes or endnotes, which are not read: paste what belongs to the text.",
    ),
}


@dataclass(frozen=True, slots=True)
class Prose:
    """The text of a file, which `Remark` hold of it, and what in it is struck through."""

    text: str
    remarks: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()


def write_message(pipe: IO[bytes], content: bytes) -> None:
    """Send a message; raises OSError where the other side is gone."""
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> bytes | None:
    """Return the next message, None where the other side ended before its end, or says more than it may."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > LONGEST:
        return None
    content = pipe.read(length)
    return content if len(content) == length else None
