"""Why a panel could not be formed, with the articles that its rules rest on."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.reading.citations import cite
from service.casework.step.step import Step
from service.domain.review import TooFewExperts
from service.domain.text import Text
from service.domain.wording.article_words import english_article


def told_shortage(step: Step, few: TooFewExperts, clauses: Sequence[str]) -> Text:
    """Return the sentence of ``few``, followed by the articles that the step which forms the panel cites."""
    articles = [one.article for one in cite(step.package, clauses)]
    said = few.message
    if not articles:
        return Text(
            f"{said.zh}（评审组的要求没有引用条款，是流程图上的取值。）",
            f"{said.en} (The rules of the panel cite no clause: they are values of the diagram.)",
        )
    return Text(
        f"{said.zh}（评审组的要求引用{'、'.join(articles)}。）",
        f"{said.en} (The rules of the panel cite {', '.join(english_article(one) for one in articles)}.)",
    )
