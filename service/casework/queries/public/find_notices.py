"""Public notices looked for by title or by a name of their list."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.public.portal import PAGE, CityView, NoticeView, cities_of, notices_as_posted
from service.casework.reading.published import published
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import SHORTEST_WORD, words_to_find


@dataclass(frozen=True, slots=True)
class FoundNotices:
    """Notices that were looked for, newest first; ``before`` continues them: the number of the last one."""

    cities: tuple[CityView, ...]
    notices: tuple[NoticeView, ...]
    before: int | None


@guarded("portal.view")
def find_notices(
    desk: Desk, actor: Actor, text: str, jurisdiction: str | None = None, before: int | None = None
) -> FoundNotices:
    """Return public notices whose title or list holds every word of ``text``, of one city or of all.

    Raises:
        Invalid: no word has two characters.
    """
    del actor  # anybody; the guard has said so
    words = words_to_find(text)
    if not any(len(word) >= SHORTEST_WORD for word in words):
        raise Invalid(
            Text(
                "请至少输入两个字，例如单位名称中的几个字。",
                "Type two characters at least, of an organisation's name for instance.",
            )
        )
    with desk.store.read() as tx:
        known = published(desk, tx)
        cities = cities_of(known, jurisdiction)
        rows = tx.notices.found(words, [city.id for city in cities], PAGE + 1, before)
        shown = rows[:PAGE]
        notices = notices_as_posted(desk, tx, known, shown)
    return FoundNotices(cities, notices, shown[-1].id if len(rows) > PAGE else None)
