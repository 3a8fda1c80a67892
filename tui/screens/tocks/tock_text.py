"""One tock in words: what the pane beside the list and the page over the screen show."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from tui.spoken_keys import key_for
from tui.widgets.lines import Paragraph
from tui.words import counted
from tui.workspace.times import TimeTextError, moment_text, zone
from tui.workspace.times.when import distance_text, span_line

if TYPE_CHECKING:
    from tui.workspace.tocks.tocks import Tock

LABEL = 10
"""Cells of the words at the left."""


def paragraphs_of(tock: Tock, where: tzinfo, link: str, *, whole: bool) -> list[Paragraph]:
    """Everything that is known; `whole` is False while only a list has told it."""
    now = datetime.now(UTC)
    lines = [Paragraph(tock.title or "(no title)", "strong"), Paragraph("")]
    lines += [Paragraph(f"{label:<{LABEL}}{text}") for label, text in _facts(tock, where, now)]
    if tock.link:
        lines.append(Paragraph(f"{'link':<{LABEL}}{tock.link}", "accent"))
    lines.append(Paragraph(f"{'short':<{LABEL}}{link}", "accent"))
    lines.append(Paragraph(""))
    if tock.description:
        lines.append(Paragraph(tock.description))
    elif whole:
        lines.append(Paragraph("There is no description.", "muted"))
    else:
        lines.append(
            Paragraph(f"{key_for('tocks.open')} reads the description: one call.", "muted")
        )
    return lines


def text_of(tock: Tock, where: tzinfo, link: str) -> str:
    """The same as plain text."""
    return "\n".join(line.text for line in paragraphs_of(tock, where, link, whole=True))


def _facts(tock: Tock, where: tzinfo, now: datetime) -> list[tuple[str, str]]:
    facts = [("when", _when(tock, where, now))]
    there = _there(tock, where, now)
    if there:
        facts.append(("there", there))
    if tock.repeat not in ("", "no"):
        facts.append(("repeats", tock.repeat))
    if tock.location:
        facts.append(("where", tock.location))
    if tock.author or tock.author_url:
        followed = " · you follow" if tock.author_followed else ""
        url = f" ({tock.author_url})" if tock.author_url not in ("", tock.author) else ""
        facts.append(("by", f"{tock.author or tock.author_url}{url}{followed}"))
    if tock.tags:
        facts.append(("tags", ", ".join(tock.tags)))
    facts.append(("votes", _numbers(tock)))
    marks = _marks(tock)
    if marks:
        facts.append(("marks", " · ".join(marks)))
    if tock.event_created is not None:
        facts.append(("made", moment_text(tock.event_created, where, now)))
    return facts


def _when(tock: Tock, where: tzinfo, now: datetime) -> str:
    line = span_line(tock.event_start, tock.event_end, where, now)
    start, end = tock.event_start, tock.event_end
    if start is None:
        return line
    if start <= now and end is not None and now < end:
        return f"{line} · now"
    return f"{line} · {distance_text(start, now)}"


def _there(tock: Tock, where: tzinfo, now: datetime) -> str:
    """The times where the tock was made, if clocks there show others."""
    start = tock.event_start
    if not tock.timezone or start is None:
        return ""
    try:
        there = zone(tock.timezone)
    except TimeTextError:
        return f"in a zone called {tock.timezone}"
    if start.astimezone(there).utcoffset() == start.astimezone(where).utcoffset():
        return ""
    return f"{span_line(start, tock.event_end, there, now)} in {tock.timezone}"


def _numbers(tock: Tock) -> str:
    def told(number: int | None) -> str:
        return "?" if number is None else f"{number:,}"

    said = "" if tock.num_comments is None else f" · {counted(tock.num_comments, 'comment')}"
    return f"▲ {told(tock.upvotes)} ▼ {told(tock.dnvotes)}{said}"


def _marks(tock: Tock) -> list[str]:
    held = {
        "private": tock.private,
        "you watch it": tock.watched,
        "you are invited": tock.invited,
        "you voted for it": tock.upvoted,
        "you voted against it": tock.dnvoted,
    }
    return [text for text, one in held.items() if one]
