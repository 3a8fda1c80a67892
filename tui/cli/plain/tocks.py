"""Tocks: the feeds, the tocks of one, one in full; one is submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from tui.cli.plain.page import Line, Page, Verb, joined
from tui.cli.plain.seat import Seat
from tui.services.ticktocker.records import Tock
from tui.workspace.times import Stretch, moment_text, read_when
from tui.workspace.times.when import span_line
from tui.workspace.tocks.feeds import COMMUNITY, SCOPES, Feed, community, me
from tui.workspace.tocks.tocks import short_link


class _Tocks(Page):
    """A page from which a tock is submitted."""

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """Submitting."""
        return {"n": Verb("submits a new tock, and asks for what is in it", self._submit)}

    def _submit(self, typed: str) -> bool:
        ask = self.seat.ask
        title = typed or ask("Title:")
        when = ask("When? Such as tomorrow 18:00-20:00, or only when it starts:")
        place = ask("Where? Enter leaves it out:")
        tags = ask("Tags, with commas between them? Enter leaves them out:")
        text = ask("Description? Enter leaves it out:")
        public = self.seat.agreed("May everybody read it?")

        async def work() -> str:
            where = self.workspace.zone
            moment = read_when(when, where)
            start, end = moment if isinstance(moment, Stretch) else (moment, None)
            values: dict[str, Any] = {
                "title": title,
                "eventstart": start,
                "eventend": end,
                "private": not public,
                "location": place or None,
                "tags": [one.strip() for one in tags.split(",")] if tags else None,
                "description": text or None,
                "timezone": getattr(where, "key", None),
            }
            given = {name: value for name, value in values.items() if value is not None}
            made = await self.workspace.tocks.submit(given)
            return f"Submitted: {title}, {span_line(start, end, where, datetime.now(UTC))}." + (
                f" {short_link(made.short_url)}" if made.short_url else ""
            )

        return self.seat.do(work())


class FeedsPage(_Tocks):
    """The feeds of the community and of the person."""

    title = "Tocks"
    service = "ticktocker"

    async def read(self) -> Sequence[Line]:
        """One line a feed."""
        feeds = [*map(community, COMMUNITY), *map(me, SCOPES)]
        return [Line(one.title, partial(FeedPage, self.seat, one)) for one in feeds]


class FeedPage(_Tocks):
    """The tocks of one feed. A read is a call, of which the service allows few: what is young is
    shown as it was read.
    """

    empty = "There is no tock in this feed."

    def __init__(self, seat: Seat, feed: Feed) -> None:
        super().__init__(seat)
        self.title = feed.title
        self._feed = feed
        self._further = False

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """Submitting, and reading on."""
        return {
            **super().verbs,
            "m": Verb("reads the next page of the feed", self._more, reads=True),
        }

    def _more(self, _typed: str) -> bool:
        self._further = True
        return True

    async def read(self) -> Sequence[Line]:
        """One line a tock."""
        desk, where, now = self.workspace.tocks, self.workspace.zone, datetime.now(UTC)
        stream = await desk.kept(self._feed)
        if self._further:
            self._further = False
            stream = await desk.read_more(self._feed)
        elif stream is None or self.again or not stream.is_fresh(now):
            stream = await desk.read(self._feed)
        self.head.append(f"As of {moment_text(stream.read_at, where, now)}.")
        if not stream.ended:
            self.head.append("There may be more: m reads the next page.")
        return [
            Line(
                joined(
                    one.title or "(no title)",
                    span_line(one.event_start, one.event_end, where, now),
                    one.location,
                    f"by {one.author}" if one.author else "",
                ),
                partial(TockPage, self.seat, one),
            )
            for one in stream.tocks
        ]


class TockPage(_Tocks):
    """One tock in full."""

    def __init__(self, seat: Seat, tock: Tock) -> None:
        super().__init__(seat)
        self.title = tock.title or "(no title)"
        self._tock = tock

    async def read(self) -> Sequence[Line]:
        """One line a fact."""
        tock = await self.workspace.tocks.whole(self._tock.short_url, again=self.again)
        when = span_line(tock.event_start, tock.event_end, self.workspace.zone, datetime.now(UTC))
        facts = {
            "When": when,
            "Repeats": "" if tock.repeat == "no" else tock.repeat,
            "Where": tock.location,
            "By": tock.author,
            "Tags": ", ".join(tock.tags),
            "Link": tock.link,
            "Short": short_link(tock.short_url),
        }
        lines = [Line(f"{name}: {text}") for name, text in facts.items() if text]
        lines += [Line(one) for one in (tock.description or "").splitlines() if one.strip()]
        return lines
