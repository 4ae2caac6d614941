"""Calendar files (iCalendar, RFC 5545) that the calendars of telephones and office suites read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event: instants in UTC, or whole days of which ``last`` is the last one.

    ``uid`` stays the same while the event changes and ``version`` grows; ``address`` is a page about it.
    """

    uid: str
    first: datetime | date
    last: datetime | date
    title: str
    place: str = ""
    note: str = ""
    address: str = ""
    version: int = 0
    cancelled: bool = False


def calendar_text(events: Iterable[CalendarEvent], product: str, now: datetime, name: str = "") -> str:
    """Return a calendar file of ``events``, made at ``now``; ``product`` says what part of the program made it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Laurel//{product}//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    if name:
        lines.append(f"X-WR-CALNAME:{_escape_text(name)}")
    for event in events:
        lines += _format_event(event, now)
    return "".join(_fold_line(line) for line in [*lines, "END:VCALENDAR"])


def _format_event(event: CalendarEvent, now: datetime) -> list[str]:
    facts = {
        "UID": event.uid,
        "SEQUENCE": str(event.version),
        "DTSTAMP": _format_stamp(now),
        **_format_span(event),
        "SUMMARY": _escape_text(event.title),
        "LOCATION": _escape_text(event.place),
        "DESCRIPTION": _escape_text(event.note),
        "URL": event.address,
        "STATUS": "CANCELLED" if event.cancelled else "CONFIRMED",
    }
    lines = (f"{name}:{value}" for name, value in facts.items() if value or name in ("LOCATION", "DESCRIPTION"))
    return ["BEGIN:VEVENT", *lines, "END:VEVENT"]


def _format_span(event: CalendarEvent) -> dict[str, str]:
    if isinstance(event.first, datetime) and isinstance(event.last, datetime):
        return {"DTSTART": _format_stamp(event.first), "DTEND": _format_stamp(event.last)}
    after = event.last + timedelta(days=1)  # the end of whole days is the day after the last one
    return {"DTSTART;VALUE=DATE": f"{event.first:%Y%m%d}", "DTEND;VALUE=DATE": f"{after:%Y%m%d}"}


def _format_stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escape_text(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _fold_line(line: str) -> str:
    """Fold a line at 75 octets, never inside a character, as RFC 5545 (3.1) wants it."""
    pieces, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > 74:
            pieces.append(" ")
            size = 1
        pieces[-1] += character
        size += width
    return "\r\n".join(pieces) + "\r\n"
