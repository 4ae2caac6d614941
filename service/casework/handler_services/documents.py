"""Service of operations: documents, tables and messages, frozen in the step and produced after it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.documents.compose import compose_document
from service.casework.step.post import queue_letter
from service.casework.step.step import Step
from service.catalog import DocumentTemplate, Law
from service.engine import ServiceCall
from service.sdk import ElementView, Letter
from service.store.models import DocumentRow

_PART = re.compile("第[一二三四五六七八九十]+段")
"""The paragraph of an item is shown in the register, not in letters."""


def _format_legal_basis(law: Law, clauses: Sequence[str]) -> str:
    """Return the regulation and the articles of ``clauses`` as a letter cites them; "" where there are none."""
    articles = dict.fromkeys(_PART.sub("", law.clause(ident).article) for ident in clauses if ident in law.clauses)
    return f"《{law.title}》{'、'.join(articles)}" if articles else ""


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

        A number with ``{sequence}`` is drawn, each once; any other was entered by hand, such as that of a decision.
        """
        step = self._step
        source = step.package.document(template)
        clauses = list(dict.fromkeys([*self._element.clauses, *source.clauses]))
        scope = {
            **self._call.data,
            **extra,
            "year": step.today.year,
            "basis": _format_legal_basis(step.package.law, clauses),
        }
        drawn = "{sequence}" in source.number
        number = self._draw_number(source.number, scope) if drawn else step.text(source.number, scope) or None
        content = self.write(source, {**scope, "document_number": number})
        ident = step.tx.documents.insert(
            DocumentRow(
                jurisdiction=step.case.jurisdiction,
                case_id=filed_in or step.case.id,
                template=template,
                title=content["title"],
                number=number
                if drawn
                else None,  # one decision may be served on several: its number is not the document's own
                content=content,
                clauses=clauses,
                recipients=list(recipients),
                issued_at=step.now,
            )
        )
        step.queue("document", f"document:{ident}", {"document": ident})
        step.audit("document", f"制发《{content['title']}》{number or ''}", self._element.id, {"document": ident})
        return ident

    def write(self, source: DocumentTemplate, scope: Mapping[str, Any]) -> dict[str, Any]:
        """Return the text of a document over the record and ``scope``."""
        return compose_document(self._step, source, scope)

    def _draw_number(self, pattern: str, scope: Mapping[str, Any]) -> str:
        step = self._step
        name = f"document:{step.case.jurisdiction}:{step.text(pattern.replace('{sequence}', '#'), scope)}"
        return step.text(pattern, {**scope, "sequence": step.tx.counters.next(name)})


class MailPort:
    """Messages about the case of a step."""

    def __init__(self, step: Step, cause: str) -> None:
        self._step, self._cause, self._count = step, cause, 0

    def send(self, letter: Letter) -> None:
        """Queue ``letter`` for everybody it is addressed to, once per person."""
        self._count += 1
        queue_letter(self._step, letter, letter.key or f"{self._cause}:{self._count}")
