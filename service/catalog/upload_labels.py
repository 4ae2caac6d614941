"""What uploaded files are: the label of the field each was put into, by the path of the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.package import Package
from service.domain.text import Text

_KINDS = ("upload", "filepicker")


def upload_labels(package: Package) -> Mapping[str, Text]:
    """Return the labels of the upload fields of all forms of ``package``, by path; rows of a list share theirs.

    Where forms use one path for different things, no label is given for it.
    """
    return package.derived("upload labels", lambda: _labels(package))


def _labels(package: Package) -> Mapping[str, Text]:
    found: dict[str, Text] = {}
    doubtful: set[str] = set()
    for ident in package.forms:
        for path, label in _fields(package.form(ident).get("components", ()), ""):
            doubtful |= {path} if found.get(path, label) != label else set()
            found[path] = label
    return {path: label for path, label in found.items() if path not in doubtful}


def _fields(components: Any, above: str) -> Iterator[tuple[str, Text]]:
    for one in components:
        here = ".".join(part for part in (above, str(one.get("path") or "")) if part)
        if one.get("type") in _KINDS and one.get("key") and one.get("label"):
            english = (one.get("properties") or {}).get("label_en")
            path = ".".join(part for part in (above, str(one["key"])) if part)
            yield path, Text(str(one["label"]), str(english or one["label"]))
        yield from _fields(one.get("components", ()), here)


def label_of_upload(package: Package, field: str) -> Text | None:
    """Return what a file is that was put into ``field`` (a path, with the numbers of rows), None where nothing says so."""
    path = ".".join(part for part in field.split(".") if not part.isdigit())
    return upload_labels(package).get(path)
