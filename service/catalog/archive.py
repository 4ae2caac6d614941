"""A city's folders as a zip archive: written the same for the same files, read within bounds."""

from __future__ import annotations

import hashlib
import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from service.catalog.tree import is_source
from service.domain.errors import Invalid
from service.domain.text import Text

MOST_BYTES = 20 * 1024 * 1024
_MOST_FILES = 4000
_MOST_UNPACKED = 80 * 1024 * 1024
_LARGEST = 8 * 1024 * 1024
_MOMENT = (2020, 1, 1, 0, 0, 0)
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, ValueError, OSError)
"""What reading a zip raises that is none, is damaged, or is encrypted or packed in a way that is not known."""
_TOPS = ("processes", "forms")
_SUMS = "processes/exported.sha256"
"""Member with the SHA-256 of every file, as sha256sum reads it; who zips the folder again takes it along."""
_DIGEST = 64
_IS_UTF8 = 0x800
"""Flag of a member whose name is UTF-8."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files of an archive by path, and the names of those that no package holds (left out).

    ``exported`` are the SHA-256 of the files as they were taken out, by path; empty where the archive does not say.
    """

    files: Mapping[str, bytes]
    ignored: tuple[str, ...]
    exported: Mapping[str, str]


def pack_folder(files: Mapping[str, bytes]) -> bytes:
    """Return ``files`` as a zip that says what they were; the same files give the same bytes."""
    out = io.BytesIO()
    sums = "".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted({**files, _SUMS: sums.encode()}.items()):
            archive.writestr(zipfile.ZipInfo(path, _MOMENT), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpack_folder(data: bytes) -> Unpacked:
    """Return what a zip holds below processes/ and forms/, which may lie in one folder more; nothing is written.

    Raises Invalid for what is no zip, too much, or leads out of its folder.
    """
    if len(data) > MOST_BYTES:
        raise _too_much(Text("压缩包超过 20 MB", "the archive is larger than 20 MB"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except UNREADABLE as error:
        raise Invalid(
            Text(
                "这不是可以读取的 zip 压缩包（加密的也不行），没有导入。请把 processes 和 forms 两个文件夹压缩成 zip 后再试。",
                "This is no zip that can be read (an encrypted one neither); nothing was imported. Zip the folders processes and forms.",
            )
        ) from error


def _read(archive: zipfile.ZipFile) -> Unpacked:
    members = [member for member in archive.infolist() if not member.filename.endswith("/")]
    if len(members) > _MOST_FILES:
        raise _too_much(Text(f"文件超过 {_MOST_FILES} 个", f"there are more than {_MOST_FILES} files"))
    files: dict[str, bytes] = {}
    ignored: list[str] = []
    exported: dict[str, str] = {}
    left = _MOST_UNPACKED
    for member in members:
        path = _path(member)
        if path == _SUMS:
            exported = _read_sums(archive, member)
            continue
        if not is_source(path):
            ignored.append(member.filename[:200])
            continue
        if path in files:
            raise Invalid(
                Text(
                    f"压缩包中“{path}”出现两次，没有导入。", f"“{path}” is twice in the archive: nothing was imported."
                )
            )
        with archive.open(member) as opened:
            files[path] = opened.read(min(left, _LARGEST) + 1)
        left -= len(files[path])
        if len(files[path]) > _LARGEST or left < 0:
            raise _too_much(Text(f"“{path}”解压后过大", f"“{path}” is too large once unpacked"))
    if not files:
        raise Invalid(
            Text(
                "压缩包中没有 processes/ 或 forms/ 之下的文件，没有导入。请核对文件夹。",
                "The archive has no file below processes/ or forms/: nothing was imported. Look at its folders.",
            )
        )
    return Unpacked(files, tuple(ignored), exported)


def _read_sums(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> dict[str, str]:
    with archive.open(member) as opened:
        lines = opened.read(_LARGEST).decode(errors="replace").splitlines()
    return {line[_DIGEST:].strip(): line[:_DIGEST] for line in lines}


def _read_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member; one that says nothing of its coding was written by Windows in Chinese: GBK."""
    if member.flag_bits & _IS_UTF8 or member.filename.isascii():
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gbk")
    except UnicodeError as error:
        raise Invalid(
            Text(
                f"压缩包中有文件名无法辨认（“{member.filename[:80]}”），没有导入。请用英文文件名，或者改用 UTF-8 文件名的压缩软件。",
                f"A file name in the archive cannot be read (“{member.filename[:80]}”): nothing was imported. Use names in "
                "plain letters, or zip with names in UTF-8.",
            )
        ) from error


def _path(member: zipfile.ZipInfo) -> str:
    """Return where a file belongs, without a folder around all; raises Invalid for a path that leads elsewhere."""
    name = _read_name(member)
    parts = PurePosixPath(name).parts
    link = stat.S_ISLNK(member.external_attr >> 16)
    if (
        link
        or name.startswith("/")
        or "\\" in name
        or ".." in parts
        or ":" in name.partition("/")[0]
        or len(name) > 400
    ):
        raise Invalid(
            Text(
                f"压缩包中的“{name[:80]}”指向文件夹之外或者是链接，没有导入。",
                f"“{name[:80]}” in the archive leads out of its folder or is a link: nothing was imported.",
            )
        )
    if len(parts) > 1 and parts[0] not in _TOPS and parts[1] in _TOPS:
        parts = parts[1:]
    return "/".join(parts)


def _too_much(what: Text) -> Invalid:
    return Invalid(
        Text(
            f"{what.zh}，没有导入。请只压缩本市的两个文件夹。",
            f"{what.en.capitalize()}: nothing was imported. Zip the two folders of the city alone.",
        )
    )
