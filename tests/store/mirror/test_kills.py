"""Killed within a statement, or between two: what was said to be kept is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.store.mirror.kills import BY_SIZE, PAGE, PAGES, SHAPE, record
from tui.store.index.documents import Query
from tui.store.index.index import Index
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.wishes import Holds, Wish

ROOT = Path(__file__).resolve().parents[3]
KILLS = 38


def test_a_kill_at_any_moment_loses_nothing_that_was_kept(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.store.mirror.kills", str(tmp_path), str(KILLS)],
        cwd=ROOT, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    trials = [json.loads(line) for line in told.stdout.splitlines()]
    assert len({moment for moment, _ in trials}) == KILLS
    ends = {said[-1] if said else "" for _, said in trials}
    assert len(ends) > KILLS / 4, "it was killed at all kinds of work"
    for moment, said in trials:
        folder = tmp_path / str(moment)
        with closing(Mirror(folder / "mirror.db")) as mirror:
            rows_are_as_they_were_said(mirror, said)
        with closing(Index(folder / "search.db")) as index:
            found_is_as_it_was_said(index, said)


def rows_are_as_they_were_said(mirror: Mirror, said: list[str]) -> None:
    kept = mirror.collection("me", "things")
    state = kept.state()
    assert mirror.check() == []
    assert mirror.troubles() == [], "it opens, and is not set aside"
    pages = {(int(round_), int(page)) for _, round_, page in told_of(said, "page")}
    if state is None:
        assert not said
        return
    with closing(mirror.ordered("me", "things", SHAPE, Wish()).begin()) as order:
        rows = {int(row.id): row.payload for row in order.window(0, PAGE * PAGES)}
    assert len(rows) == state.count
    gone = {3, PAGE, PAGE + 1}
    for number in range(PAGE * PAGES):
        page = number // PAGE
        forms = {record(number, round_).payload for round_ in range(2)}
        if number in rows:
            assert rows[number] in forms
        if (1, page) in pages and number not in gone:
            assert rows[number] == record(number, 1).payload
        if (0, page) in pages and number not in gone:
            assert number in rows
    # Of one moment: what is sorted by, searched in and read says the same.
    for wish in (Wish(filters=(Holds("row"),)), BY_SIZE):
        with closing(mirror.ordered("me", "things", SHAPE, wish).begin()) as order:
            found = [int(row.id) for row in order.window(0, PAGE * PAGES)]
        assert sorted(found) == sorted(rows)
    places = {one: place for place, one in enumerate(sorted(rows, key=lambda n: n * 7919 % 997))}
    assert [places[one] for one in found] == list(range(len(found)))
    assert not state.complete or state.count == state.total
    # And it goes on from there.
    kept.begin(SHAPE)
    since = kept.start()
    kept.put([record(number, 1) for number in range(PAGE * PAGES)], SHAPE, first=0)
    state = kept.finish(since, total=PAGE * PAGES, as_of=datetime.now(UTC))
    assert state.complete


def found_is_as_it_was_said(index: Index, said: list[str]) -> None:
    assert index.check() == []
    places = index.places("me")
    for _, round_, page in told_of(said, "found"):
        place = places[f"things {page}"]
        # What is being put in anew has no stamp until all of it is there.
        assert place.stamp in (None, *map(float, range(int(round_), 2)))
    for name, place in places.items():
        page = int(name.split()[1])
        if place.stamp is None:
            continue
        one = record(page * PAGE + 7, int(place.stamp))
        answer = index.find(Query.of(str(one.values[0])), ["me"])
        assert answer is not None
        # That which is called so in full comes first.
        assert [hit.document.key for hit in answer.hits[:1]] == [str(one.id)]
    documents = [one for name in places for one in index.of_place("me", name)]
    assert len({one.key for one in documents}) == len(documents)


def told_of(said: list[str], *kinds: str) -> list[list[str]]:
    return [one.split() for one in said if one.split()[0] in kinds]
