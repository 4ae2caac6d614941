"""Documents as PDF/A-2u, set by Typst with embedded subsets of the fonts.

A child process does it, which starts with the first document (about half a second); a page then costs some milliseconds.
The same content, layout and fonts give the same bytes: the file's time is the day of issue.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from service.domain.errors import Invalid, LaurelError
from service.domain.output.composed_document import composed
from service.domain.output.handbook import Handbook
from service.domain.text import Text
from service.office.fonts import Faces, find_faces
from service.office.sandbox import Sandbox, SandboxLimits
from service.office.word import FOLDER, BadLayout

_LIMITS = SandboxLimits(memory=1024 * 1024 * 1024)
_OFFICIAL_LIMITS = SandboxLimits(memory=1024 * 1024 * 1024, queue=100, patience=120)
"""For the program's own layouts, which take no time: whoever comes waits his turn."""
_HANDBOOK_LIMITS = SandboxLimits(memory=4 * 1024 * 1024 * 1024, processor=600, wall=600)
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in files that are not dated, so that the same content gives the same bytes."""


class NotPrintable(LaurelError):
    """A document holds a character that no font of this machine has."""

    code = "not_printable"


class Printer:
    """Sets documents as PDF; ``folder`` holds the office's own fonts. One document at a time.

    A package's own layout is a program of whoever drew it: it runs apart from others, within ``limits``.
    """

    def __init__(self, folder: Path | None = None, limits: SandboxLimits = _LIMITS) -> None:
        self._folder = folder
        self._faces: Faces | None = None
        self._official, self._foreign = self._create_sandbox(_OFFICIAL_LIMITS), self._create_sandbox(limits)

    def faces(self) -> Faces:
        """Return the families in use, looked for until they are there; raises NoChineseFont."""
        if self._faces is None:
            families = self._official.families()
            self._faces = find_faces(families["machine"], families["office"], self._folder)
        return self._faces

    def describe(self) -> Text:
        """Say in which typefaces documents are set; raises NoChineseFont."""
        faces = self.faces()
        names = f"{faces.body[0]}；{faces.title[0]}"
        if faces.as_required:
            return Text(f"正文和标题：{names}", f"text and titles: {names}")
        return Text(
            f"正文和标题：{names}（代替仿宋、小标宋；单位有字体授权的，放入 LAUREL_FONTS 指定的目录）",
            f"text and titles: {names} (instead of FangSong and XiaoBiaoSong: an office puts its own into LAUREL_FONTS)",
        )

    def print(self, content: Mapping[str, Any], layout: bytes | None = None) -> bytes:
        """Return the PDF of a composed document (see ``compose``).

        ``layout`` is a package's own Typst layout; without it the program's layout of the content's ``layout``.

        Raises:
            NoChineseFont: there is no font to set it in.
            NotPrintable: a character is in none of the fonts.
            BadLayout: the layout cannot be used.
        """
        source, inputs, day = self._prepare_document(content, layout)
        [made] = self._typeset_pages(
            source, inputs, self._choose_sandbox(layout), **_build_pdf_options(_to_moment(day))
        )
        return made

    def pages(self, content: Mapping[str, Any], layout: bytes | None = None, dots: int = 110) -> list[bytes]:
        """Return the pages of a composed document as pictures (PNG) with ``dots`` per inch; raises as `print`."""
        source, inputs, _ = self._prepare_document(content, layout)
        return self._typeset_pages(source, inputs, self._choose_sandbox(layout), format="png", ppi=dots)

    def _prepare_document(self, content: Mapping[str, Any], layout: bytes | None) -> tuple[bytes, dict[str, str], str]:
        document = composed(content)
        source = layout if layout is not None else _load_bundled(str(content.get("layout") or "official"))
        if b"@preview" in source or b"@local" in source:
            raise _build_bad_layout("版式不能引用外部程序包 / no packages may be imported")
        return source, {"document": json.dumps(document.as_dict(), ensure_ascii=False)}, document.day

    def draw(self, sheet: Mapping[str, Any], picture: str, form: str) -> bytes:
        """Return a picture (SVG) with a table below it, as ``pdf`` (A3 pages), ``png`` or ``svg`` (one page as large as it needs).

        ``sheet`` has ``title``, ``note``, ``head`` and ``rows``, which are texts; letters are embedded. Raises as `print`.
        """
        content = {**sheet, "one_page": form != "pdf"}
        inputs = {"sheet": json.dumps(content, ensure_ascii=False), "svg": picture}
        options = _build_pdf_options(_UNDATED) if form == "pdf" else {"format": "png" if form == "png" else "svg"}
        [made] = self._typeset_pages(_load_bundled("diagram"), inputs, self._official, **options)
        return made

    def handbook(self, book: Handbook) -> bytes:
        """Return a handbook as PDF; raises as `print`.

        It is set by a child of its own, so that letters need not wait for it.
        """
        drawings = [strip for picture in book.pictures for strip in picture.strips]
        inputs = {
            "book": json.dumps(book.as_dict(), ensure_ascii=False),
            "svgs": json.dumps(drawings, ensure_ascii=False),
        }
        with closing(self._create_sandbox(_HANDBOOK_LIMITS)) as apart:
            [made] = self._typeset_pages(_load_bundled("handbook"), inputs, apart, **_build_pdf_options(_UNDATED))
        return made

    def _choose_sandbox(self, layout: bytes | None) -> Sandbox:
        return self._official if layout is None else self._foreign

    def _typeset_pages(self, source: bytes, inputs: Mapping[str, str], sandbox: Sandbox, **how: Any) -> list[bytes]:
        faces = self.faces()
        families = {
            "body": json.dumps(faces.body, ensure_ascii=False),
            "title": json.dumps(faces.title, ensure_ascii=False),
        }
        try:
            result = sandbox.typeset(source, {"inputs": {**inputs, **families}, "how": how})
        except Invalid as refusal:
            raise _build_bad_layout(
                "排版所需的时间或内存超过限度 / it takes more time or memory than allowed"
            ) from refusal
        if "mistake" in result:
            raise _as_error(result["mistake"])
        return [b64decode(file) for file in result["files"]]

    def _create_sandbox(self, limits: SandboxLimits) -> Sandbox:
        return Sandbox(limits, "typeset_child", *([str(self._folder)] if self._folder else []))


def _build_pdf_options(moment: datetime) -> dict[str, Any]:
    return {"format": "pdf", "pdf_standards": ["a-2u"], "timestamp": moment}


def _to_moment(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)


def _load_bundled(name: str) -> bytes:
    path = FOLDER / f"{name}.typ"
    if not path.is_file():
        raise _build_bad_layout(f"没有名为“{name}”的版式 / there is no layout “{name}”")
    return path.read_bytes()


def _as_error(mistake: str) -> LaurelError:
    if "could not be displayed" not in mistake:
        return _build_bad_layout(mistake.replace(str(FOLDER), ""))
    return NotPrintable(
        Text(
            f"文书中有本机字体没有的字，PDF 暂不生成（Word 文书不受影响）：{mistake}。"
            "请把含有该字的字体文件放入 LAUREL_FONTS 指定的目录后重试。",
            f"The document has a character that no font here holds, so no PDF is made: {mistake}. "
            "Put a font that holds it into the folder LAUREL_FONTS.",
        )
    )


def _build_bad_layout(why: str) -> BadLayout:
    return BadLayout(
        Text(f"文书的 PDF 版式不能使用：{why}。", f"The PDF layout of the document cannot be used: {why}.")
    )
