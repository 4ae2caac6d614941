"""Typst with the typefaces of the machine: sets a layout with what it is told, in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from service.office.fonts import Faces, find_faces, load_fonts
from service.office.word import FOLDER

_NO_PACKAGES = FOLDER / "none"


class Typesetter:
    """Looks at the fonts once (about 0.2 s); ``folder`` holds the office's own. Not to be shared between threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._compiler: typst.Compiler | None = None
        self._faces: Faces | None = None

    def faces(self) -> Faces:
        """Return the families in use; raises NoChineseFont."""
        return self._prepare_compiler()[1]

    def made(self, source: bytes, said: Mapping[str, str], **how: Any) -> list[bytes]:
        """Return the files that a layout becomes, one per page where a file holds one; raises NoChineseFont, TypstError."""
        compiler, faces = self._prepare_compiler()
        inputs = {
            **said,
            "body": json.dumps(faces.body, ensure_ascii=False),
            "title": json.dumps(faces.title, ensure_ascii=False),
        }
        made = compiler.compile(source, sys_inputs=inputs, **how)
        assert made is not None  # nothing is written to a file
        return made if isinstance(made, list) else [made]

    def _prepare_compiler(self) -> tuple[typst.Compiler, Faces]:
        if self._compiler is None or self._faces is None:
            fonts = load_fonts(self._folder)
            self._faces = find_faces(fonts, self._folder)
            self._compiler = typst.Compiler(
                root=FOLDER, font_paths=fonts, package_path=_NO_PACKAGES, package_cache_path=_NO_PACKAGES
            )
        return self._compiler, self._faces
