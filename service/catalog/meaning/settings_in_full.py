"""Parameters spelt out: what a file says, and what the common vocabulary completes, in one form."""

from __future__ import annotations

from typing import Any

from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.freeze import thaw
from service.catalog.tree import Files
from service.domain.text import Text


def settings_in_full(package: Package, files: Files) -> Files:
    """Return ``files`` of ``package`` with a file of parameters that says every word, in whichever format they stood."""
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
