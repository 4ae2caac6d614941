"""The shared vocabulary of parameters: what several awards say of the same parameter is written once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.catalog.source.fields import Fields, Report, read_fields, require_format
from service.catalog.source.yaml import YamlMap
from service.catalog.tree import Files
from service.domain.text import Text

SHARED_KEYS = (
    "name", "name_en", "key", "unit", "choices", "labels", "question", "minimum", "maximum", "of",
)  # fmt: skip
"""What the vocabulary may say of a parameter; its value, its source and its clauses are the award's own."""


def read_vocabulary(files: Files, paths: Iterable[str], report: Report) -> Mapping[str, YamlMap]:
    """Return what the files at ``paths`` say of each parameter, by its id."""
    entries: dict[str, YamlMap] = {}
    for path in paths:
        fields = read_fields(files[path], path, report)
        require_format(fields)
        for ident, entry in fields.named("parameters"):
            if ident in entries:
                message = Text(f"“{ident}”在词表中出现两次。", f"“{ident}” stands twice in the vocabulary.")
                entry.problem("", "vocabulary_twice", message, Text("删去其中一个。", "Remove one."))
            entries[ident] = entry.node
            for key in SHARED_KEYS:
                entry.raw(key)
            entry.done()
        fields.done()
    return entries


def complete_parameter_fields(award_fields: Fields, shared: YamlMap | None) -> Fields:
    """Return what an award says of a parameter, completed by what the vocabulary says of it.

    The question is taken where the award says that its text is silent, bounds where it does not write ``exactly``.
    """
    if shared is None:
        return award_fields
    node = award_fields.node
    absent_keys = set(node.entries)
    if node.entries.get("source") != "default":
        absent_keys.add("question")
    if "exactly" in node.entries:
        absent_keys |= {"minimum", "maximum"}
    taken = {key: value for key, value in shared.entries.items() if key not in absent_keys}
    whole = YamlMap({**taken, **node.entries}, {**dict.fromkeys(taken, node.line), **node.lines}, node.line)
    return Fields(whole, award_fields.file, award_fields.report, award_fields.where)
