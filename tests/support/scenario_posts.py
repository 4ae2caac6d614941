"""What a browser sends of a scenario's row: every input of its form as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.datastructures import MultiDict

from service.casework.simulate.scenarios.shapes import Like
from service.web.studio.scenarios.scenario_inputs import COUNT, RowInput
from service.web.studio.scenarios.scenario_rows import RowForm

LISTS = (Like.ROWS, Like.PAIRS, Like.TEXTS, Like.LISTED)


def posted(form: RowForm) -> MultiDict[str, str]:
    """Return the post of a form that nobody touched."""
    typed = MultiDict({"word": form.word, "inner": form.inner, "rest": form.rest})
    for one in (*form.about, *form.beside, *form.filled, *form.apart):
        for name, value in sent(one):
            typed.add(name, value)
    return typed


def sent(one: RowInput) -> Iterator[tuple[str, str]]:
    """Yield the names and values that an input sends."""
    if one.written or not (one.shape.like in (*LISTS, Like.GROUP) or (one.shape.like is Like.SEVERAL and one.options)):
        yield one.name, one.value
    elif one.shape.like is Like.GROUP:
        for inner in one.inner:
            yield from sent(inner)
    elif one.shape.like is Like.SEVERAL:
        yield one.name + COUNT, "1"
        yield from ((one.name, chosen) for chosen in one.chosen)
    else:
        yield one.name + COUNT, str(len(one.rows))
        for row in one.rows:
            for inner in row:
                yield from sent(inner)
