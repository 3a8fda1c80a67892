"""One tock, the streams, following."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.embedded.ticktocker.caller import NOON, call, everything, make_server, stream
from tests.harness import EmbeddedServer

SAMPLE_FIELDS = [
    "title",
    "description",
    "event_start",
    "event_end",
    "timezone",
    "short_url",
    "url",
    "upvotes",
    "dnvotes",
    "event_created",
    "tags",
    "repeat_frequency",
    "num_comments",
    "private",
    "link",
    "location",
    "upvoted",
    "dnvoted",
    "watched",
    "author",
    "author_avatar",
    "author_url",
    "invited",
    "author_followed",
]


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedServer]:
    with make_server() as server:
        yield server


@pytest.fixture
def sample(running: EmbeddedServer) -> EmbeddedServer:
    running.reset()
    return running


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


def test_a_tock_has_the_fields_of_the_documented_sample(sample: EmbeddedServer) -> None:
    first = stream(sample, "community/upcoming")[0]
    tock = call(sample, f"tock/{first['short_url']}")["response"]["tock"]
    assert list(tock) == SAMPLE_FIELDS
    assert {name: tock[name] for name in first} == first
    assert set(tock) - set(first) == {"description", "num_comments", "author_avatar"}
    assert all(tock[name] in (0, 1) for name in ("private", "upvoted", "watched", "invited"))


def test_what_is_not_there_is_code_0_with_an_error(sample: EmbeddedServer) -> None:
    for path in ("tock/zzzzz", "user/nobody/latest", "follow/nobody", "tock", "tock/", "follow/"):
        answer = call(sample, path)
        assert answer["code"] == 0
        assert answer["response"]["error"]


def test_what_is_invalid_is_code_minus_1(sample: EmbeddedServer) -> None:
    for path in (
        "community/best",
        "me/all/soon",
        "me/none/latest",
        "user/harbour-office/soon",
        "community/hot/0",
        "community/hot/-1",
        "community/hot/two",
        "community/hot/99999999999999999999",
        "follow/robin",
    ):
        assert call(sample, path)["code"] == -1, path


def test_pages_hold_twenty_and_the_first_needs_no_number(sample: EmbeddedServer) -> None:
    first = stream(sample, "community/fresh")
    assert len(first) == 20
    assert stream(sample, "community/fresh/1") == first
    assert stream(sample, "community/fresh/") == first
    second = stream(sample, "community/fresh/2")
    assert not {tock["short_url"] for tock in first} & {tock["short_url"] for tock in second}
    assert stream(sample, "community/fresh/400") == []


def test_the_sample_is_worth_looking_at(sample: EmbeddedServer) -> None:
    coming = everything(sample, "community/upcoming")
    past = everything(sample, "community/history")
    assert len(coming) > 30
    assert len(past) > 50
    assert len({tock["author"] for tock in coming + past}) == 9
    today = [t for t in coming if moment(t["event_start"]).date() == NOON.date()]
    tomorrow = [
        t for t in coming if moment(t["event_start"]).date() == NOON.date() + timedelta(days=1)
    ]
    assert len(today) >= 4
    assert len(tomorrow) >= 4
    assert any(t["repeat_frequency"] == "weekly" for t in coming)
    assert any(t["location"] for t in coming)
    assert any(t["link"] for t in coming)
    total = sample.context.database.one("SELECT count(*) FROM ticktocker_tocks")
    assert total is not None
    assert 130 <= total[0] <= 150


def test_streams_come_in_their_order(sample: EmbeddedServer) -> None:
    coming = [moment(tock["event_start"]) for tock in everything(sample, "community/upcoming")]
    assert coming == sorted(coming)
    now = sample.clock()
    past = [moment(tock["event_end"]) for tock in everything(sample, "community/history")]
    assert past == sorted(past, reverse=True)
    assert past[0] <= now
    fresh = [moment(tock["event_created"]) for tock in everything(sample, "community/fresh")]
    assert fresh == sorted(fresh, reverse=True)
    hot = stream(sample, "community/hot")
    assert hot[0]["upvotes"] > 0


def test_the_community_sees_nothing_private(sample: EmbeddedServer) -> None:
    for feed in ("hot", "fresh", "upcoming", "history"):
        assert all(tock["private"] == 0 for tock in everything(sample, f"community/{feed}"))


@pytest.mark.parametrize(
    ("scope", "field"),
    [("watched", "watched"), ("liked", "upvoted"), ("followed", "author_followed")],
)
def test_the_scopes_of_me(sample: EmbeddedServer, scope: str, field: str) -> None:
    tocks = everything(sample, f"me/{scope}/latest")
    assert tocks
    assert all(tock[field] == 1 for tock in tocks)
    whole = {tock["short_url"] for tock in everything(sample, "me/all/latest")}
    assert {tock["short_url"] for tock in tocks} <= whole


def test_mine_holds_private_ones_too(sample: EmbeddedServer) -> None:
    mine = everything(sample, "me/mine/latest")
    assert {tock["author_url"] for tock in mine} == {"robin"}
    assert {tock["private"] for tock in mine} == {0, 1}
    coming = everything(sample, "me/mine/upcoming")
    past = everything(sample, "me/mine/expired")
    assert len(coming) + len(past) == len(mine)
    assert len(coming) >= 3


def test_a_private_tock_of_another_is_not_shown(sample: EmbeddedServer) -> None:
    hidden = sample.context.database.one(
        "SELECT t.short_url, u.url FROM ticktocker_tocks t"
        " JOIN ticktocker_users u ON u.id = t.author_id"
        " LEFT JOIN ticktocker_marks m ON m.tock_id = t.id"
        " WHERE t.private AND t.author_id <> 1 AND NOT coalesce(m.invited, 0)"
    )
    assert hidden is not None
    assert call(sample, f"tock/{hidden['short_url']}")["code"] == -3
    seen = everything(sample, f"user/{hidden['url']}/latest")
    assert hidden["short_url"] not in {tock["short_url"] for tock in seen}
    with sample.context.database.write() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO ticktocker_marks (user_id, tock_id, invited)"
            " SELECT 1, id, 1 FROM ticktocker_tocks WHERE short_url = ?",
            (hidden["short_url"],),
        )
    assert call(sample, f"tock/{hidden['short_url']}")["response"]["tock"]["invited"] == 1


def test_a_user_is_found_by_url_not_by_name(sample: EmbeddedServer) -> None:
    tocks = stream(sample, "user/harbour-office/latest")
    assert {tock["author"] for tock in tocks} == {"harbourmaster"}
    assert call(sample, "user/harbourmaster/latest")["code"] == 0


def test_follow_is_a_toggle_that_the_streams_show(sample: EmbeddedServer) -> None:
    before = stream(sample, "user/marta/latest")
    assert {tock["author_followed"] for tock in before} == {0}
    assert call(sample, "follow/marta")["response"] == {
        "author_url": "marta",
        "author_followed": 1,
    }
    assert {tock["author_followed"] for tock in stream(sample, "user/marta/latest")} == {1}
    followed = everything(sample, "me/followed/latest")
    assert "marta" in {tock["author_url"] for tock in followed}
    assert call(sample, "follow/marta")["response"]["author_followed"] == 0
    assert {tock["author_followed"] for tock in stream(sample, "user/marta/latest")} == {0}


def test_a_repeated_tock_is_at_its_next_occurrence(sample: EmbeddedServer) -> None:
    def named(tocks: list[Any], title: str) -> Any:
        return next(tock for tock in tocks if tock["title"] == title)

    title = "Morning check of the moorings"
    tock = named(everything(sample, "me/mine/upcoming"), title)
    # Seven in Brussels is six in winter time; at noon today's is over.
    assert tock["event_start"] == "2026-03-12 06:00:00"
    assert tock["event_end"] == "2026-03-12 06:20:00"
    # The clocks change on 29 March, and seven stays seven.
    sample.clock.set(datetime(2026, 4, 1, 12, 0, tzinfo=UTC))
    tock = named(everything(sample, "me/mine/upcoming"), title)
    assert tock["event_start"] == "2026-04-02 05:00:00"
