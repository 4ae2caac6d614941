"""The child process that sets documents by Typst; started by `service.office.sandbox`.

It alone holds the fonts, tens of megabytes each, and a package's own layout is a program that must be able to die alone.
``python -m service.office.typeset_child MEMORY SECONDS [FOLDER]``: the office's own fonts are in FOLDER.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from service.office.protocol import Task
from service.office.serving import serve_answers
from service.office.word import FOLDER

_NO_PACKAGES = FOLDER / "none"


def main(memory: int, seconds: int, folders: list[str]) -> None:
    """Answer until standard input ends; the fonts are looked for before the limits hold."""
    fonts = typst.Fonts(font_paths=folders)
    compiler = typst.Compiler(root=FOLDER, font_paths=fonts, package_path=_NO_PACKAGES, package_cache_path=_NO_PACKAGES)

    def answer_request(request: dict[str, Any], source: bytes) -> dict[str, Any]:
        if request["task"] == Task.FAMILIES:
            own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
            return {"machine": fonts.families(), "office": own.families()}
        how = dict(request["how"])
        if "timestamp" in how:
            how["timestamp"] = datetime.fromisoformat(how["timestamp"])
        try:
            made = compiler.compile(source, sys_inputs=request["inputs"], **how)
        except typst.TypstError as mistake:
            return {"mistake": mistake.message}
        assert made is not None  # nothing is written to a file
        files = made if isinstance(made, list) else [made]
        return {"files": [b64encode(file).decode() for file in files]}

    serve_answers(memory, seconds, answer_request)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), [folder for folder in sys.argv[3:] if Path(folder).is_dir()])
