"""Two regulations by what they mean: files side by side, whatever ids they use and however they are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from service.catalog.meaning import counterparts, differences_in_meaning
from service.catalog.merge.differences import FileDifference, PieceChange, RecordDifference
from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.freeze import thaw
from service.catalog.tree import Files
from service.domain.text import Text

_SIGNS = {PieceChange.ADDED: "+", PieceChange.REMOVED: "−", PieceChange.CHANGED: "≠", PieceChange.MOVED: "↔"}


def compare_meaning(left: Package, left_files: Files, right: Package, right_files: Files) -> str:
    """Say what two packages say differently; of their files those count that are the places' own."""
    sides = [settings_in_full(left, _own(left, left_files)), settings_in_full(right, _own(right, right_files))]
    moved = counterparts(sides[0], sides[1], (left.key, right.key))
    return in_words(differences_in_meaning(sides[0], {moved.get(path, path): data for path, data in sides[1].items()}))


def _own(package: Package, files: Files) -> Files:
    city, award = package.key.split("/")
    own = (f"processes/{city}/", f"forms/{city}/")
    others = {path.split("/")[2] for path in files if path.endswith("/award.yaml") and path.startswith(own)} - {award}
    return {p: d for p, d in files.items() if p.startswith(own) and p.split("/")[2] not in others}


def in_words(found: Iterable[FileDifference]) -> str:
    """Return differences for people, a line each; one sentence where there are none."""
    lines = [line for each in found for line in _file(each)]
    return "\n".join(lines) or "除版面和编号以外没有差别。/ Nothing differs but layout and ids."


def _file(found: FileDifference) -> Iterator[str]:
    yield f"{_SIGNS[found.change]} {found.path}"
    for record in found.records:
        yield f"  {_SIGNS[record.change]} {record.subject.zh}"
        yield from _fields(record)


def _fields(record: RecordDifference) -> Iterator[str]:
    for field in record.fields if record.change in (PieceChange.CHANGED, PieceChange.MOVED) else ():
        yield f"      {field.label.zh}：{field.left or '—'}  |  {field.right or '—'}"


def settings_in_full(package: Package, files: Files) -> Files:
    """Return ``files`` of ``package`` with a file of parameters that says every word."""
    award = package.award_file
    said = load_yaml(files[award].decode()) if award in files else {}
    rest = {key: value for key, value in said.items() if key not in ("parameters", "format")}
    parameters = {ident: _said(parameter) for ident, parameter in package.award.parameters.items()}
    own = f"{award.rpartition('/')[0]}/parameters.yaml"
    return {
        **files,
        **({award: dump_yaml(rest).encode()} if rest else {}),
        **({own: dump_yaml({"parameters": parameters}).encode()} if parameters else {}),
    }


def _said(parameter: Parameter) -> dict[str, Any]:
    full = {
        "name": parameter.name,
        "name_en": parameter.name_en,
        "key": parameter.key,
        "unit": parameter.unit.value,
        "clauses": list(parameter.clauses),
        "touches": list(parameter.touches),
        "source": parameter.source.value,
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
        "choices": thaw(parameter.choices),
        "labels": {str(word): _both(text) for word, text in parameter.labels.items()},
        "question": parameter.question,
        "values": [{"from": dated.since, "value": thaw(dated.value)} for dated in parameter.values],
    }
    return {key: value for key, value in full.items() if value not in (None, "", [], {})}


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
