"""The child process that sets packages' own layouts, which are programs; started by `service.office.sandbox`.

``python -m service.office.typeset_child MEMORY SECONDS [FOLDER]``: the office's own fonts are in FOLDER.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from service.office.fonts import NoChineseFont
from service.office.serving import serve_answers
from service.office.typesetter import Typesetter


def main(memory: int, seconds: int, folder: Path | None) -> None:
    """Answer until standard input ends; the fonts are loaded before the limits hold."""
    typesetter = Typesetter(folder)
    with suppress(NoChineseFont):  # told to whoever asks
        typesetter.faces()

    def typeset_files(request: dict[str, Any], source: bytes) -> dict[str, Any]:
        how = dict(request["how"])
        if "timestamp" in how:
            how["timestamp"] = datetime.fromisoformat(how["timestamp"])
        try:
            files = typesetter.made(source, request["said"], **how)
        except typst.TypstError as mistake:
            return {"mistake": mistake.message}
        return {"files": [b64encode(file).decode() for file in files]}

    serve_answers(memory, seconds, typeset_files)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
