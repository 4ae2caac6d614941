"""Checks of uploads: kinds of files told by content (not by name), and limits of their size."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias

from service.domain.errors import LaurelError
from service.domain.files.active_content import Inspection
from service.domain.text import Text

#: How much of a file's beginning tells its kind, zip containers aside.
_HEAD_BYTES = 1024

_MAX_NAME = 150
_MAX_UNPACKED = 512 * 1024 * 1024
_MAX_ENTRIES = 10_000

#: Extensions that a computer may run, wherever they stand in a name.
_RUNNABLE = {
    "app", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "html", "htm", "jar", "js", "jse", "lnk", "msi", "php",
    "ps1", "reg", "scr", "sh", "svg", "vbe", "vbs", "wsf", "xhtml",
}  # fmt: skip
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


class UploadRefused(LaurelError):
    """A file that is not taken; the message says why and what to do."""

    code = "upload_refused"


class UploadHarmful(UploadRefused):
    """A file that is not taken for what it would do when it is opened."""

    code = "upload_harmful"


class FileKind(Enum):
    """The kinds of file that can be told by their content: its value is the media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ZIP = "application/zip"

    @property
    def media_type(self) -> str:
        """The media type to serve it with."""
        return self.value

    @property
    def extensions(self) -> tuple[str, ...]:
        """The name extensions that fit, in lower case with their dot."""
        return (".jpg", ".jpeg") if self is FileKind.JPEG else (f".{self.name.lower()}",)


Container: TypeAlias = Callable[[bytes], FileKind | None]
"""Tells Word, Excel and other zip files apart; None for what must not be opened."""


def kind_of_content(content: bytes, container: Container | None = None) -> FileKind | None:
    """Return the kind of the content, None for every other kind; ``container`` distinguishes those of zip files."""
    head = content[:_HEAD_BYTES]
    if b"%PDF-" in head:
        return FileKind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    return (container or container_kind)(content) if head.startswith(b"PK\x03\x04") else None


@dataclass(frozen=True, slots=True)
class UploadRules:
    """What a field takes: sizes in bytes, extensions in lower case with their dot."""

    max_bytes: int = 20 * 1024 * 1024
    max_count: int = 10
    accept: tuple[str, ...] = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".xlsx")

    def within(self, largest: int) -> UploadRules:
        """Return the rules with no file larger than ``largest`` bytes."""
        return replace(self, max_bytes=min(self.max_bytes, largest))


def check_upload(
    name: str,
    content: bytes,
    *,
    max_bytes: int,
    accept: Collection[str],
    container: Container | None = None,
    inspection: Inspection | None = None,
) -> FileKind:
    """Return the kind of a file that may be taken.

    Args:
        name: the name it came with; keep what ``check_name`` makes of it.
        content: all of it, or its first ``max_bytes + 1`` bytes.
        max_bytes: the largest size.
        accept: the extensions allowed here, in lower case with their dot.
        container: opens zip containers, where that is not to happen in this process.
        inspection: looks for what the file would do by itself, apart from macros.

    Raises:
        UploadRefused: for an empty or oversized file, a dangerous name, a kind that is not accepted, content that
            is not what the name says, a damaged or bombing container, macros.
        UploadHarmful: for other active content.
    """
    clean = check_name(name)
    extension = extension_of(clean)
    if not content:
        raise _build_refusal(clean, "是空的，请检查后重新选择", "is empty; check it and choose again")
    if len(content) > max_bytes:
        raise _build_refusal(
            clean,
            f"超过上限 {_format_size(max_bytes)}，请压缩或拆分后再传",
            f"is larger than the limit of {_format_size(max_bytes)}; make it smaller or split it",
        )
    if extension not in accept:
        kinds = name_kinds(accept)
        raise _build_refusal(
            clean,
            f"的类型不在接受之列，请上传 {'、'.join(kinds)}",
            f"is not of an accepted kind; upload {', '.join(kinds)}",
        )
    active = inspection(content) if inspection is not None else None
    if active is not None:
        raise UploadHarmful(_build_refusal(clean, active.words.zh, active.words.en).message)
    return _checked_kind(clean, extension, content, container)


def check_name(name: str) -> str:
    """Return the name as it is kept: without folders, in one Unicode form.

    Raises:
        UploadRefused: for names that are empty, too long, hidden, hold control characters or look runnable.
    """
    clean = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1]).strip()
    if not clean or clean.startswith(".") or clean.endswith("."):
        raise _build_refusal(name[:80], "没有可用的文件名，请改名后重试", "has no usable name; rename it and try again")
    if len(clean) > _MAX_NAME:
        raise _build_refusal(
            clean[:40] + "…", f"的文件名超过 {_MAX_NAME} 个字，请缩短", f"has a name longer than {_MAX_NAME} characters"
        )
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") for character in clean) or re.search(
        r'[<>:"|?*]', clean
    ):
        raise _build_refusal(
            "".join(character for character in clean if character.isprintable()),
            "的文件名含有特殊字符，请只用文字、数字、空格和 -_.()（）",
            "has special characters in its name; use letters, digits, blanks and -_.() only",
        )
    stems = [part.lower() for part in clean.split(".")]
    if stems[0] in _RESERVED or any(part.strip() in _RUNNABLE for part in stems[1:]):
        raise _build_refusal(
            clean, "看起来像可执行文件，不能上传；请转换为 PDF", "looks like a program; convert it to PDF"
        )
    return clean


def extension_of(name: str) -> str:
    """Return the extension in lower case with its dot, "" without one."""
    _, dot, extension = name.rpartition(".")
    return f".{extension.lower()}" if dot else ""


def _checked_kind(name: str, extension: str, content: bytes, container: Container | None) -> FileKind:
    kind = kind_of_content(content, container)
    if kind is None:
        raise _build_refusal(
            name,
            f"的内容不是有效的 {extension} 文件，可能已损坏或加密；请重新导出为 PDF 再传",
            f"is not a valid {extension} file; it may be damaged or encrypted. Export it as PDF again",
        )
    if extension not in kind.extensions:
        real = kind.extensions[0]
        raise _build_refusal(
            name,
            f"的内容是 {real}，与扩展名 {extension} 不符；请改用正确的扩展名",
            f"holds {real} content under the extension {extension}; give it the right extension",
        )
    return kind


def container_kind(content: bytes) -> FileKind | None:
    """Tell Word and Excel files from other zip files; damaged, bombing, encrypted and macro-holding ones are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError):
        return None
    names = {entry.filename for entry in entries}
    too_much = len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_UNPACKED
    encrypted = any(entry.flag_bits & 1 for entry in entries)
    if too_much or encrypted or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    if "[Content_Types].xml" not in names:
        return FileKind.ZIP
    return FileKind.DOCX if "word/document.xml" in names else FileKind.XLSX if "xl/workbook.xml" in names else None


def _build_refusal(name: str, zh: str, en: str) -> UploadRefused:
    return UploadRefused(Text(f"文件“{name}”{zh}。", f"The file “{name}” {en}."))


def name_kinds(accept: Collection[str]) -> tuple[str, ...]:
    """Return accepted extensions as people read them, ``PDF`` for ``.pdf``; JPG and JPEG are one kind."""
    return tuple(kind.lstrip(".").upper() for kind in accept if kind != ".jpeg" or ".jpg" not in accept)


def _format_size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 100 else f"{size / 1024:.0f} KB"


FILE_KEYS = frozenset({"id", "name", "size"})
"""The keys of an uploaded file in form values."""


def uploads_in(data: object) -> list[str]:
    """Return the ids of every uploaded file named anywhere in ``data``."""
    if isinstance(data, Mapping):
        own = [str(data["id"])] if data.keys() >= FILE_KEYS else []
        return own + [i for value in data.values() for i in uploads_in(value)]
    return [i for item in data for i in uploads_in(item)] if isinstance(data, list | tuple) else []
