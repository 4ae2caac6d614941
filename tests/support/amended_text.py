"""The text of a regulation as its register has it, to be amended."""

from __future__ import annotations

from service.catalog.law.law import Law


def law_as_text(law: Law, without: str = "") -> str:
    """Return the articles of ``law``, a line each, without one of them."""
    articles: dict[str, str] = {}
    for clause in law.clauses.values():
        articles[clause.article] = articles.get(clause.article, "") + (clause.text or clause.summary)
    return "\n".join(f"{article} {words}" for article, words in articles.items() if article != without)
