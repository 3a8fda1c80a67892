"""The use cases of Tocks: pages that are asked for once, kept with their age, follow, submit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.services.errors import ConnectionFailed, InvalidArgument, RateLimited
from tui.services.throttle import Throttle, ThrottleRule
from tui.workspace.times.when import distance_text, span_line, when_text
from tui.workspace.tocks.feeds import UPCOMING, community, me, user
from tui.workspace.tocks.tocks import FRESH, Stream, Tock
from tui.workspace.workspace import Workspace

NOW = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["ticktocker"]) as running:
        yield running


Open = Callable[[], Awaitable[Workspace]]


@pytest.fixture
async def opened(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens decks of one person, whose waiting moves the server's clock."""
    server.reset()
    server.clock.set(datetime.now(UTC))
    made: list[Workspace] = []

    async def sleep(seconds: float) -> None:
        server.clock.advance(seconds=seconds)

    async def make() -> Workspace:
        workspace = workspace_of(server, tmp_path)
        made.append(workspace)
        client = await workspace.connections.ticktocker()
        client.throttle = Throttle(
            tmp_path / "calls",
            ThrottleRule(interval=0.25),
            clock=lambda: server.clock().timestamp(),
            sleep=sleep,
        )
        return workspace

    yield make
    for workspace in made:
        await workspace.close()


def tock(short_url: str, **more: Any) -> Tock:
    return Tock(short_url=short_url, title=short_url, **more)


def test_a_page_more_shows_nothing_twice_and_a_short_one_is_the_last() -> None:
    stream = Stream.of([tock("a"), tock("b"), tock("c")], NOW)
    assert not stream.ended, "one page does not tell how long a page is"
    stream = stream.with_page([tock("c"), tock("d"), tock("e")], NOW + timedelta(minutes=5))
    assert [one.short_url for one in stream.tocks] == ["a", "b", "c", "d", "e"]
    assert (stream.pages, stream.ended, stream.read_at) == (2, False, NOW)
    assert stream.with_page([tock("f")], NOW).ended
    assert stream.with_page([], NOW).ended
    assert Stream.of([], NOW).ended


def test_a_stream_is_fresh_for_a_while() -> None:
    stream = Stream.of([tock("a")], NOW)
    assert stream.is_fresh(NOW + FRESH - timedelta(seconds=1))
    assert not stream.is_fresh(NOW + FRESH)


async def test_what_was_read_costs_no_second_call(opened: Open) -> None:
    workspace = await opened()
    assert await workspace.tocks.kept(UPCOMING) is None
    assert await workspace.tocks.calls_left() == 120
    first = await workspace.tocks.read(UPCOMING)
    second = await workspace.tocks.read_more(UPCOMING)
    assert (len(first.tocks), len(second.tocks)) == (20, 40)
    assert await workspace.tocks.calls_left() == 118
    assert await workspace.tocks.kept(UPCOMING) == second
    again = await opened()
    assert await again.tocks.kept(UPCOMING) == second, "and in another pane"
    assert await again.tocks.calls_left() == 118


async def test_every_feed_has_its_own_pages(opened: Open) -> None:
    workspace = await opened()
    feeds = [community("hot"), me("mine", "latest"), me("mine", "expired"), user("tide-cafe")]
    for feed in feeds:
        assert (await workspace.tocks.read(feed)).tocks
    assert len({feed.id for feed in feeds}) == 4
    mine = await workspace.tocks.kept(feeds[1])
    assert mine is not None
    assert {one.author for one in mine.tocks} == {"demo"}


async def test_two_who_ask_at_once_make_one_call(opened: Open) -> None:
    workspace = await opened()
    one, two = await asyncio.gather(workspace.tocks.read(UPCOMING), workspace.tocks.read(UPCOMING))
    assert one is two
    assert await workspace.tocks.calls_left() == 119


async def test_a_call_that_nobody_waits_for_any_more_is_kept(opened: Open) -> None:
    workspace = await opened()
    client = await workspace.connections.ticktocker()
    ask, sent = client.community, asyncio.Event()

    async def noted(*arguments: Any) -> list[Tock]:
        sent.set()
        return await ask(*arguments)

    client.community = noted  # type: ignore[method-assign]
    asking = asyncio.create_task(workspace.tocks.read(UPCOMING))
    await sent.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    stream = await workspace.tocks.read(UPCOMING)
    assert len(stream.tocks) == 20
    assert await workspace.tocks.calls_left() == 119, "the second one joined the first"


async def test_a_tock_is_looked_up_once_and_known_everywhere(opened: Open) -> None:
    workspace = await opened()
    stream = await workspace.tocks.read(UPCOMING)
    short_url = stream.tocks[0].short_url
    assert stream.tocks[0].description is None
    whole = await workspace.tocks.whole(short_url)
    assert whole.description is not None
    assert await workspace.tocks.whole(short_url) is whole
    kept = await workspace.tocks.kept(UPCOMING)
    assert kept is not None
    assert kept.tocks[0] == whole
    fresh = await workspace.tocks.read(UPCOMING)
    assert fresh.tocks[0].description == whole.description, "reading the list loses nothing"


async def test_nothing_is_remembered_of_another_account_or_of_data_that_is_gone(
    opened: Open,
) -> None:
    workspace = await opened()
    stream = await workspace.tocks.read(UPCOMING)
    await workspace.tocks.whole(stream.tocks[0].short_url)
    await workspace.reads.forget("")
    await workspace.connections.forget()
    assert await workspace.tocks.kept(UPCOMING) is None
    assert workspace.tocks.known_whole(stream.tocks[0].short_url) is None


def follows(server: EmbeddedServer) -> set[int]:
    found = server.context.database.read("SELECT author_id FROM ticktocker_follows")
    return {row["author_id"] for row in found}


async def test_follow_is_read_again_and_undone(server: EmbeddedServer, opened: Open) -> None:
    workspace = await opened()
    before = follows(server)
    stream = await workspace.tocks.read(UPCOMING)
    await workspace.tocks.read(me("followed"))
    stranger = next(one for one in stream.tocks if not one.author_followed and one.author != "demo")
    found, unseen = await workspace.tocks.follow(stranger)
    assert (found.author_followed, unseen) == (True, "")
    assert len(follows(server) - before) == 1
    kept = await workspace.tocks.kept(UPCOMING)
    assert kept is not None
    same = [one for one in kept.tocks if one.author_url == stranger.author_url]
    assert all(one.author_followed for one in same), "in every list"
    followed = await workspace.tocks.kept(me("followed"))
    assert followed is not None
    assert not followed.is_fresh(datetime.now(UTC)), "it has to be read again"
    taken = await workspace.history.undo()
    assert taken is not None
    assert taken.title == f"Follow {stranger.author}"
    assert follows(server) == before
    kept = await workspace.tocks.kept(UPCOMING)
    assert kept is not None
    same = [one for one in kept.tocks if one.author_url == stranger.author_url]
    assert not any(one.author_followed for one in same), "in every list, without a call"


async def test_undo_leaves_what_was_turned_over_elsewhere(
    server: EmbeddedServer, opened: Open
) -> None:
    workspace = await opened()
    before = follows(server)
    stream = await workspace.tocks.read(UPCOMING)
    stranger = next(one for one in stream.tocks if not one.author_followed and one.author != "demo")
    await workspace.tocks.follow(stranger)
    await (await workspace.connections.ticktocker()).follow(stranger.author_url)
    assert follows(server) == before
    taken = await workspace.history.undo()
    assert taken is not None
    assert taken.news == "It was so already: nothing was sent."
    assert follows(server) == before


async def test_a_follow_that_is_so_already_is_not_turned_back(
    server: EmbeddedServer, opened: Open
) -> None:
    """One call turns it over: to send it for what was seen a while ago would do the reverse."""
    workspace = await opened()
    stream = await workspace.tocks.read(UPCOMING)
    stranger = next(one for one in stream.tocks if not one.author_followed and one.author != "demo")
    await (await workspace.connections.ticktocker()).follow(stranger.author_url)
    follows_it = follows(server)
    found, news = await workspace.tocks.follow(stranger)
    assert (found.author_followed, news) == (True, "it was so already, and nothing was sent")
    assert follows(server) == follows_it
    assert workspace.history.changes.newest(1) == []


async def test_a_follow_that_cannot_be_looked_up_is_a_follow_all_the_same(
    server: EmbeddedServer, opened: Open
) -> None:
    workspace = await opened()
    before = follows(server)
    stream = await workspace.tocks.read(UPCOMING)
    stranger = next(one for one in stream.tocks if not one.author_followed and one.author != "demo")
    client = await workspace.connections.ticktocker()
    look_up = client.tock

    async def unreachable(_short_url: str) -> Tock:
        raise ConnectionFailed("nobody answers")

    client.tock = unreachable  # type: ignore[assignment, method-assign]
    found, unseen = await workspace.tocks.follow(stranger)
    assert (found.author_followed, unseen) == (True, "nobody answers")
    assert follows(server) != before
    client.tock = look_up  # type: ignore[method-assign]
    await workspace.history.undo()
    assert follows(server) == before


async def test_submitted_tocks_outdate_what_would_show_them(opened: Open) -> None:
    workspace = await opened()
    mine = me("mine", "latest")
    await workspace.tocks.read(mine)
    await workspace.tocks.read(community("hot"))
    values = {
        "title": "Signal flags, an evening",
        "eventstart": datetime.now(UTC) + timedelta(days=2),
        "private": True,
        "tags": ["flags", "sea-craft"],
    }
    made = await workspace.tocks.submit(values)
    kept, hot = await workspace.tocks.kept(mine), await workspace.tocks.kept(community("hot"))
    assert kept is not None
    assert hot is not None
    assert not kept.is_fresh(datetime.now(UTC))
    assert hot.is_fresh(datetime.now(UTC))
    assert (await workspace.tocks.read(mine)).tocks[0].short_url == made.short_url
    whole = await workspace.tocks.whole(made.short_url)
    assert (whole.private, whole.tags) == (True, ["flags", "sea-craft"])


async def test_a_broken_limit_sends_nothing(opened: Open) -> None:
    workspace = await opened()
    with pytest.raises(InvalidArgument):
        await workspace.tocks.submit({"title": "abc", "eventstart": NOW})
    assert await workspace.tocks.calls_left() == 120


async def test_without_calls_left_the_wait_is_said(opened: Open) -> None:
    workspace = await opened()
    await (await workspace.connections.ticktocker()).throttle.correct(0)
    with pytest.raises(RateLimited) as caught:
        await workspace.tocks.read(UPCOMING)
    assert caught.value.wait == pytest.approx(30, abs=1)
    assert await workspace.tocks.calls_left() == 0


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "now"),
        (25, "in 25 min"),
        (150, "in 2 h"),
        (-150, "2 h ago"),
        (19 * 60 + 25, "tomorrow 09:30"),
        (-20 * 60, "yesterday 18:05"),
        (13 * 24 * 60, "Wed 25 Mar 14:05"),
        (400 * 24 * 60, "Fri 16 Apr 2027 14:05"),
    ],
)
def test_when_as_a_person_says_it(minutes: int, said: str) -> None:
    start = NOW + timedelta(minutes=minutes)
    assert when_text(start, None, UTC, NOW) == said


def test_what_goes_on_is_now() -> None:
    begin, end = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    assert when_text(begin, end, UTC, NOW) == "now"
    assert when_text(begin, NOW, UTC, NOW) == "1 h ago"
    assert when_text(None, None, UTC, NOW) == ""
    assert distance_text(NOW + timedelta(days=3), NOW) == "in 3 d"
    assert span_line(begin, end, UTC, NOW) == "today 13:05 to 15:05"
    assert span_line(begin, end + timedelta(days=1), UTC, NOW) == "today 13:05 to tomorrow 15:05"
    assert span_line(begin, None, UTC, NOW) == "today 13:05"
    assert span_line(None, None, UTC, NOW) == "time not told"
