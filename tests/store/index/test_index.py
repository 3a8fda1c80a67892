"""The search index: put in, found, taken out, bounded, and set aside where it cannot be used."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.store.another_user import as_another_user
from tui.store.index import index as module
from tui.store.index.documents import Document, Found, Query, Rank
from tui.store.index.file import VERSION
from tui.store.index.index import Index

MakeIndex = Callable[..., Index]


@pytest.fixture
def make_index(tmp_path: Path) -> Iterator[MakeIndex]:
    """Makes indexes of one file, closed at the end."""
    with ExitStack() as made:

        def make(**options: object) -> Index:
            path = tmp_path / "cache" / "search.db"
            return made.enter_context(closing(Index(path, **options)))  # type: ignore[arg-type]

        yield make


def boats(
    names: Sequence[str], *, kind: str = "row", where: str = "Fleet › Boats"
) -> list[Document]:
    return [Document(kind, str(number), name, where) for number, name in enumerate(names)]


def titles(index: Index, text: str, owners: Sequence[str] | None = None) -> list[str]:
    found = index.find(Query.of(text), owners)
    assert found is not None
    return [hit.document.title for hit in found.hits]


def test_a_fresh_read_of_a_list_takes_out_what_it_has_not_any_more(make_index: MakeIndex) -> None:
    index = make_index()
    assert index.put("me", "boats", boats(["Albatros", "Bora"]), stamp=1.0)
    assert index.put("me", "others", boats(["Bora Bora"]), stamp=1.0)
    assert index.put("me", "boats", [Document("row", "0", "Cirrus", "Fleet › Boats")], stamp=2.0)
    assert titles(index, "albatros") == []
    assert titles(index, "bora") == ["Bora Bora"]
    assert titles(index, "cirrus") == ["Cirrus"]
    assert index.places("me")["boats"].stamp == 2.0
    assert index.count == 2


def test_a_page_of_a_list_leaves_the_rest(make_index: MakeIndex) -> None:
    index = make_index()
    index.put("me", "boats", boats(["Albatros", "Bora"]), whole=False)
    changed = [Document("row", "1", "Borea"), Document("row", "2", "Cirrus")]
    index.put("me", "boats", changed, whole=False)
    assert titles(index, "albatros") == ["Albatros"]
    assert titles(index, "bora") == []
    assert titles(index, "borea") == ["Borea"]
    assert not index.places("me")["boats"].whole


def test_what_is_the_same_is_not_written_again(make_index: MakeIndex) -> None:
    index = make_index()
    index.put("me", "boats", boats(["Albatros", "Bora"]))
    with closing(sqlite3.connect(index.path or "")) as file:
        before = file.execute("SELECT id, key FROM docs").fetchall()
        index.put("me", "boats", boats(["Albatros", "Bora", "Cirrus"]))
        after = file.execute("SELECT id, key FROM docs").fetchall()
    assert set(before) < set(after)


def test_an_account_sees_what_is_its_own(make_index: MakeIndex) -> None:
    index = make_index()
    index.put("me", "boats", boats(["Albatros"]))
    index.put("you", "boats", boats(["Albatros II"]))
    assert titles(index, "alb", ["you"]) == ["Albatros II"]
    assert titles(index, "alb", ["nobody"]) == []
    index.drop("you", "bo")
    assert titles(index, "alb") == ["Albatros"]
    assert index.places("you") == {}


def test_the_best_come_first(make_index: MakeIndex) -> None:
    """A title as a whole, then how it begins, then words of it, then what else answers."""
    index = make_index()
    index.put("me", "a", [
        Document("row", "1", "Something else", "Books", "bora"),
        Document("row", "2", "Jambora"),
        Document("row", "3", "The Bora"),
        Document("row", "4", "Bora Bora"),
        Document("row", "5", "Bora"),
        Document("table", "6", "Bora", weight=5),
    ])  # fmt: skip
    wanted = ["Bora", "Bora", "Bora Bora", "The Bora", "Jambora", "Something else"]
    assert titles(index, "bora") == wanted
    found = index.find(Query.of("bora"))
    assert found is not None
    assert found.hits[0].document.kind == "table"


def test_what_is_spelt_as_it_was_typed_counts_for_more(make_index: MakeIndex) -> None:
    index = make_index()
    names = ["Alexandre Cote", "Alexandre Côté", "Alexandre Cotê"]
    index.put("me", "people", boats(names, where=""))
    assert titles(index, "côté")[0] == "Alexandre Côté"
    assert sorted(titles(index, "cote")) == sorted(names)


def test_one_thing_of_several_lists_is_told_once(make_index: MakeIndex) -> None:
    index = make_index()
    for feed in ("hot", "fresh"):
        index.put("me", feed, [Document("tock", "abc", "Kieler Woche")])
    assert titles(index, "woche") == ["Kieler Woche"]


def test_of_many_the_whole_title_is_found_whatever_came_last(
    make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only so many are ranked; what is called exactly so is always among them."""
    monkeypatch.setattr(module, "CANDIDATES", 5)
    index = make_index()
    documents = [Document("row", str(number), f"Row of Bora {number}") for number in range(40)]
    documents.append(Document("row", "x", "Bora"))
    documents.append(Document("row", "y", "Bora begins it"))
    index.put("me", "rows", documents)
    found = index.find(Query.of("bora"), most=3)
    assert found is not None
    assert found.more
    assert [hit.document.title for hit in found.hits[:2]] == ["Bora", "Bora begins it"]
    few = index.find(Query.of("begins bora"), most=3)
    assert few is not None
    assert not few.more


def test_what_was_put_in_in_part_is_known_not_to_be_all(make_index: MakeIndex) -> None:
    index = make_index()
    asked = iter([True, False])
    many = boats([f"Boat {number}" for number in range(3 * module.CHUNK)])
    assert not index.put("me", "boats", many, stamp=1.0, go_on=lambda: next(asked))
    assert index.places("me")["boats"].stamp is None
    assert index.count == module.CHUNK
    assert index.put("me", "boats", many, stamp=1.0)
    assert index.count == len(many)
    assert index.places("me")["boats"].stamp == 1.0


def test_what_is_too_large_loses_its_oldest_places_first(make_index: MakeIndex) -> None:
    index = make_index(most_bytes=200_000)
    for place in range(12):
        many = boats([f"Boat {place} {number}" for number in range(200)])
        assert index.put("me", f"place {place}", many, stamp=1.0)
    places = index.places("me")
    assert places["place 0"].evicted
    assert not places["place 11"].evicted
    assert titles(index, "boat 11 199") == ["Boat 11 199"]
    assert index.size < 400_000


def test_the_file_is_the_persons_own(make_index: MakeIndex) -> None:
    index = make_index()
    index.put("me", "boats", boats(["Albatros"]))
    assert index.path is not None
    for file in index.path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_a_damaged_file_is_set_aside_and_told(make_index: MakeIndex) -> None:
    told: list[str] = []
    index = make_index(told=told.append)
    assert index.path is not None
    index.path.parent.mkdir()
    index.path.write_bytes(b"no database" * 500)
    assert index.put("me", "boats", boats(["Albatros"]))
    assert titles(index, "alb") == ["Albatros"]
    assert (index.path.parent / "search.db.broken").exists()
    assert told == ["The search index was damaged. It is kept as search.db.broken and filled anew."]


def test_a_later_versions_file_is_set_aside_and_told(make_index: MakeIndex) -> None:
    told: list[str] = []
    index = make_index(told=told.append)
    assert index.path is not None
    index.path.parent.mkdir()
    with closing(sqlite3.connect(index.path)) as file:
        file.execute(f"PRAGMA user_version = {VERSION + 1}")
    assert index.put("me", "boats", boats(["Albatros"]))
    assert (index.path.parent / "search.db.newer").exists()
    assert "later version" in told[0]


def test_what_was_folded_otherwise_is_filled_anew(make_index: MakeIndex) -> None:
    index = make_index()
    index.put("me", "boats", boats(["Albatros"]))
    index.close()
    with closing(sqlite3.connect(index.path or "")) as file, file:
        file.execute("UPDATE facts SET value = 'otherwise'")
    assert make_index().count == 0


def test_a_disk_that_takes_nothing_fails_nothing(folder: Path) -> None:
    folder.chmod(0o555)

    def work() -> list[object]:
        with closing(Index(folder / "search.db")) as index:
            put = index.put("me", "boats", boats(["Albatros"]))
            return [put, index.problem, index.find(Query.of("alb"))]

    put, problem, found = as_another_user(work)
    assert (put, found) == (False, None)
    assert problem
    assert list(folder.iterdir()) == []


def test_a_path_that_cannot_be_a_file_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with closing(Index(tmp_path / "file" / "search.db")) as index:
        assert not index.put("me", "boats", boats(["Albatros"]))
        assert index.problem


def test_a_search_is_broken_off_by_another_thread(make_index: MakeIndex) -> None:
    index = make_index()
    index.put("me", "boats", boats([f"Boat {number}" for number in range(500)]))
    began, found = threading.Event(), list[Found | None]()

    class Slow(Query):
        def rank(self, document: Document) -> Rank | None:
            began.set()
            broken.wait(20)
            return None

    broken = threading.Event()

    def search() -> None:
        query = Query.of("boat")
        found.append(index.find(Slow(query.whole, query.words)))

    thread = threading.Thread(target=search)
    thread.start()
    assert began.wait(20)
    index.interrupt()
    broken.set()
    thread.join(20)
    assert found == [None]
    assert titles(index, "boat 499") == ["Boat 499"]


def test_hostile_text_is_kept_as_text(make_index: MakeIndex) -> None:
    index = make_index()
    hostile = "a\x00b \x1b[31mred \ud800 \ue000\ue000\ue000 'x' OR 1=1; --"
    assert index.put("me", "p", [Document("row", "1", hostile, when=datetime.now(UTC))])
    assert len(titles(index, "red")) == 1
    assert len(titles(index, "1=1; --")) == 1
    assert titles(index, "\ue000\ue000\ue000") == []
    index.drop("me")
    assert titles(index, "red") == []


FILLING = """
import sys
from pathlib import Path
from tui.store.index.documents import Document
from tui.store.index.index import Index
index = Index(Path(sys.argv[1]))
for place in range(10_000):
    index.put("me", str(place), [Document("row", str(n), f"Boat {n}") for n in range(300)])
    print(place, flush=True)
"""


def test_a_kill_at_any_moment_leaves_a_file_that_is_whole(make_index: MakeIndex) -> None:
    for filled in (1, 4, 7):
        index = make_index()
        assert index.path is not None
        with subprocess.Popen(
            [sys.executable, "-c", FILLING, str(index.path)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _ in range(filled):
                assert process.stdout.readline()
            process.kill()
        assert titles(index, "boat 299")[:1] == ["Boat 299"]
        assert index.count >= 300 * filled
        assert index._connection is not None
        with index._connection:
            index._connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        many = boats(["Albatros"])
        assert index.put("me", "0", many)
        assert titles(index, "albatros") == ["Albatros"]
        index.close()
