"""Make the first files of a place out of another's: ids, names and clause ids become its own, everything else stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.catalog.jurisdiction import Jurisdiction
from service.catalog.law.law import Law
from service.catalog.law_text.pieces import prefix_of
from service.catalog.tree import Files

_TEXTS = (".bpmn", ".dmn", ".json", ".yaml", ".yml", ".md")


@dataclass(frozen=True, slots=True)
class CopiedCity:
    """The new place: its id, names, and what its clause ids begin with."""

    id: str
    name: str
    name_en: str
    prefix: str


def copy_city(files: Files, award: str, jurisdiction: Jurisdiction, law: Law, wanted: CopiedCity) -> Files:
    """Return the files of ``award`` of a place and of the place itself, as those of ``wanted``.

    The clause register comes along, so that every citation has its clause: the new text is put in clause by clause.
    """
    old = jurisdiction.id
    folders = (f"processes/{old}/{award}/", f"forms/{old}/")
    beside = {f"processes/{old}/jurisdiction.yaml", f"processes/{old}/law.yaml"}
    made = {}
    for path, content in files.items():
        if path in beside or path.startswith(folders):
            folder, _, rest = path.partition(f"/{old}/")
            made[f"{folder}/{wanted.id}/{rest}"] = _rename_content(path, content, jurisdiction, prefix_of(law), wanted)
    return made


def _rename_content(path: str, content: bytes, old: Jurisdiction, prefix: str, wanted: CopiedCity) -> bytes:
    if not path.endswith(_TEXTS):
        return content
    text = content.decode("utf-8")
    text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(old.id)}(?![A-Za-z0-9])", wanted.id, text)
    text = re.sub(rf"(?<![A-Za-z0-9-]){re.escape(prefix)}-(?=\d)", f"{wanted.prefix}-", text)
    text = text.replace(old.name, wanted.name)
    if old.name_en and wanted.name_en:
        text = re.sub(rf"\b{re.escape(old.name_en)}\b", wanted.name_en, text)
    return text.encode()
