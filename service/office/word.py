"""Documents as .docx, set by a Word file with tags.

A bundled layout is turned into templates once; a document then costs a rendering of them and the packing of one member
(about 2 ms). A package's own layout is a program of whoever drew it: it is filled in by the child process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.domain.errors import Invalid, LaurelError
from service.domain.output.composed_document import composed
from service.domain.text import Text
from service.office import Sandbox
from service.office.archive import with_members, without_clock
from service.office.layout_filling import Templates, fill_layout, templates_of

FOLDER = Path(__file__).parent / "layouts"


class BadLayout(LaurelError):
    """A layout cannot be used; the sentence says which and why."""

    code = "bad_layout"


@dataclass(frozen=True, slots=True)
class OwnLayout:
    """A package's own layout, a Word file that others made, and the child process that may open it."""

    content: bytes
    sandbox: Sandbox


def render_docx(content: Mapping[str, Any], custom_layout: OwnLayout | None = None) -> bytes:
    """Return the .docx of a composed document (see ``compose``); the same content gives the same bytes.

    Without a package's own layout the program's layout of the content's ``layout`` is taken.

    Raises:
        BadLayout: the layout is no Word file, costs too much to open, or its tags ask for what no document has.
        SandboxBusy: others' files are being opened.
    """
    values = composed(content).as_dict()
    try:
        if custom_layout is not None:
            return _pack_layout(custom_layout.content, custom_layout.sandbox.fill(custom_layout.content, values))
        layout, templates = _load_bundled(str(content.get("layout") or "official"))
        return _pack_layout(layout, fill_layout(templates, values))
    except Invalid as refusal:
        raise _build_bad_layout(refusal.message.zh) from refusal


def _pack_layout(layout: bytes, members: Mapping[str, str]) -> bytes:
    archive = _without_clock(layout, tuple(members))
    return with_members(archive, {name: text.encode() for name, text in members.items()})


@lru_cache(maxsize=8)
def _without_clock(layout: bytes, leave_out: tuple[str, ...]) -> bytes:
    return without_clock(layout, leave_out=leave_out)


@lru_cache(maxsize=8)
def _load_bundled(name: str) -> tuple[bytes, Templates]:
    path = FOLDER / f"{name}.docx"
    if not path.is_file():
        raise _build_bad_layout(f"没有名为“{name}”的版式")
    return path.read_bytes(), templates_of(json.loads(path.with_suffix(".json").read_text("utf-8")))


def _build_bad_layout(why: str) -> BadLayout:
    return BadLayout(
        Text(
            f"文书版式不能使用：{why}。请用 Word 打开版式文件核对其中的标记，或改用自带的版式。",
            f"The layout of the document cannot be used: {why}. Check its tags in Word, or use a bundled layout.",
        )
    )
