"""Documents: numbered and frozen in the step, produced as .docx after the commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.compose import compose
from service.casework.step import Step
from service.engine import ServiceCall
from service.sdk import ElementView


class DocumentPort:
    """Documents of the case of a step."""

    def __init__(self, step: Step, element: ElementView, call: ServiceCall) -> None:
        self._step, self._element, self._call = step, element, call

    def issue(
        self,
        template: str,
        extra: Mapping[str, Any],
        recipients: Sequence[str] = (),
        *,
        filed_in: int | None = None,
    ) -> int:
        """Number the document, freeze its text, queue its production; returns its id.

        A number with ``{sequence}`` is drawn, each once; another is what somebody entered, of a decision for example.
        """
        step = self._step
        source = step.package.document(template)
        scope = {**self._call.data, **extra, "year": step.today.year}
        drawn = "{sequence}" in source.number
        number = self._drawn(source.number, scope) if drawn else step.text(source.number, scope) or None
        content = compose(step, source, {**scope, "document_number": number})
        ident = step.tx.documents.insert(
            jurisdiction=step.case.jurisdiction,
            case_id=filed_in or step.case.id,
            template=template,
            title=content["title"],
            number=number
            if drawn
            else None,  # one decision may be served on several: its number is not the document's own
            content=content,
            clauses=list(dict.fromkeys([*self._element.clauses, *source.clauses])),
            recipients=list(recipients),
            issued_at=step.now,
            issued_by=step.actor.person_id,
            sha256=None,
            size=None,
            produced_at=None,
        )
        step.queue("document", f"document:{ident}", {"document": ident})
        step.audit("document", f"制发《{content['title']}》{number or ''}", self._element.id, {"document": ident})
        return ident

    def _drawn(self, pattern: str, scope: Mapping[str, Any]) -> str:
        step = self._step
        name = f"document:{step.case.jurisdiction}:{step.text(pattern.replace('{sequence}', '#'), scope)}"
        return step.text(pattern, {**scope, "sequence": step.tx.counters.next(name)})
