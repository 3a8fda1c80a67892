"""A disk that did not take what was to be kept: what it has is read on, and it is kept again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.store.mirror.test_mirror import NOW, SHAPE, MirrorAt, filled, ids, records
from tui.store.mirror.file import MirrorFile
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.troubles import Lost
from tui.store.mirror.wishes import Holds, Sort, Wish

Refuse = Callable[[bool], None]
BY_SIZE = Wish((Sort("size"),))


@pytest.fixture
def mirror_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[MirrorAt]:
    """Makes mirrors that look at every use whether the disk takes what is kept."""
    monkeypatch.setattr("tui.store.mirror.file.FIRST_WAIT", 0.0)
    with ExitStack() as made:
        yield lambda path, **more: made.enter_context(closing(Mirror(path, **more)))


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Has the disk be full, or take things again."""
    connect, full = MirrorFile.connect, SimpleNamespace(now=False)

    def limited(self: MirrorFile) -> sqlite3.Connection:
        made = connect(self)
        if self.kept and full.now:
            made.execute("PRAGMA max_page_count = 1")
        return made

    def room(path: Path) -> SimpleNamespace:
        return SimpleNamespace(free=0 if full.now else 10**9)

    monkeypatch.setattr(MirrorFile, "connect", limited)
    monkeypatch.setattr("tui.store.mirror.file.shutil.disk_usage", room)

    def set_full(refused: bool) -> None:
        full.now = refused

    return set_full


def full(mirror: Mirror, refuse: Refuse) -> None:
    """The disk is full, and the mirror has found out."""
    mirror.close()
    refuse(True)
    with pytest.raises(Lost):
        filled(mirror, "more", count=2000)
    assert not mirror.kept
    assert [trouble.kind for trouble in mirror.troubles()] == ["not kept"]


def test_what_was_kept_is_read_on_from_a_full_disk(
    tmp_path: Path, mirror_at: MirrorAt, refuse: Refuse
) -> None:
    mirror = mirror_at(tmp_path / "mirror.db")
    filled(mirror)
    full(mirror, refuse)
    state = mirror.collection("me", "things").state()
    assert state is not None
    assert (state.complete, state.count, state.stamp) == (True, 100, "7")
    assert ids(mirror, BY_SIZE)[:3] == [99, 98, 97]
    assert ids(mirror, Wish(filters=(Holds("row 7"),))) == [7, *range(70, 80)]
    assert mirror.collection("me", "nowhere").state() is None
    assert mirror.troubles() == [], "it was said once"


def test_it_is_kept_again_with_what_was_read_meanwhile(
    tmp_path: Path, mirror_at: MirrorAt, refuse: Refuse
) -> None:
    path = tmp_path / "mirror.db"
    mirror = mirror_at(path)
    filled(mirror)
    filled(mirror, "untouched", count=30)
    full(mirror, refuse)
    mirror.collection("me", "things").state()
    filled(mirror, "more", count=700)
    mirror.collection("me", "things").delete([5])
    before = mirror.ordered("me", "more", SHAPE, BY_SIZE).begin()
    with closing(before):
        refuse(False)
        assert mirror.collection("me", "things").state() is not None
        assert mirror.kept
        assert [trouble.kind for trouble in mirror.troubles()] == ["kept again"]
        assert [row.id for row in before.window(0, 2)] == [699, 698], "what was open reads on"
        before.complete()
        mirror.keep(before)
    mirror.close()
    later = mirror_at(path)
    assert later.check() == []
    assert ids(later) == [n for n in range(100) if n != 5]
    assert ids(later, name="untouched") == list(range(30))
    assert ids(later, BY_SIZE, name="more") == list(range(700))[::-1]
    assert ids(later, Wish(filters=(Holds("row 69"),)), name="more") == [69, *range(690, 700)]


@pytest.mark.parametrize("read_before", [0, 200], ids=["nothing read yet", "some read"])
def test_who_is_just_reading_all_rows_goes_on_on_the_disk(
    read_before: int, tmp_path: Path, mirror_at: MirrorAt, refuse: Refuse
) -> None:
    path = tmp_path / "mirror.db"
    mirror = mirror_at(path)
    filled(mirror, count=500)
    full(mirror, refuse)
    kept = mirror.collection("me", "things")
    kept.begin(SHAPE)
    since = kept.start()
    for first in range(0, read_before, 100):
        kept.put(records(first, 100), SHAPE, first=first, total=400)
    refuse(False)
    for first in range(read_before, 400, 100):
        kept.put(records(first, 100), SHAPE, first=first, total=400)
    state = kept.finish(since, total=400, as_of=NOW)
    assert mirror.kept
    assert (state.complete, state.count) == (True, 400)
    assert ids(mirror_at(path)) == list(range(400)), "what is gone at the service is gone"


def test_a_disk_that_has_little_room_is_let_be(
    tmp_path: Path, mirror_at: MirrorAt, refuse: Refuse, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = mirror_at(tmp_path / "mirror.db")
    full(mirror, refuse)
    filled(mirror, "more", count=3000, weight=1000)
    refuse(False)
    little = SimpleNamespace(free=4_000_000)
    monkeypatch.setattr("tui.store.mirror.file.shutil.disk_usage", lambda _path: little)
    assert len(ids(mirror, name="more")) == 3000
    assert mirror.collection("me", "more").state() is not None
    assert not mirror.kept
    little.free = 40_000_000
    assert mirror.collection("me", "more").state() is not None
    assert mirror.kept


def test_a_folder_in_whose_place_a_file_stood_is_used_once_it_can_be(
    tmp_path: Path, mirror_at: MirrorAt
) -> None:
    (tmp_path / "cache").write_text("a file where the folder is to be")
    mirror = mirror_at(tmp_path / "cache" / "mirror.db")
    filled(mirror)
    assert not mirror.kept
    (tmp_path / "cache").unlink()
    assert mirror.collection("me", "things").state() is not None
    assert [trouble.kind for trouble in mirror.troubles()] == ["not kept", "kept again"]
    assert ids(mirror_at(tmp_path / "cache" / "mirror.db")) == list(range(100))


def test_what_was_forgotten_meanwhile_does_not_come_back(
    tmp_path: Path, mirror_at: MirrorAt, refuse: Refuse
) -> None:
    path = tmp_path / "mirror.db"
    mirror = mirror_at(path)
    filled(mirror)
    full(mirror, refuse)
    mirror.forget("m")
    assert mirror.collection("me", "things").state() is None
    refuse(False)
    assert mirror.collection("me", "things").state() is None
    assert mirror.kept
    assert mirror_at(path).size().collections == []


def test_what_was_forgotten_once_is_kept_again_when_it_was_read_since(
    tmp_path: Path, mirror_at: MirrorAt, refuse: Refuse
) -> None:
    path = tmp_path / "mirror.db"
    mirror = mirror_at(path)
    filled(mirror)
    full(mirror, refuse)
    mirror.forget("m")
    refuse(False)
    filled(mirror)
    filled(mirror, "untouched", count=30)
    assert [trouble.kind for trouble in mirror.troubles()] == ["kept again"]
    # Full for the second time: what was forgotten before is no matter of that.
    full(mirror, refuse)
    assert mirror.collection("me", "things").state() is not None
    assert ids(mirror) == list(range(100))
    refuse(False)
    assert mirror.collection("me", "things").state() is not None
    assert mirror.kept
    assert ids(mirror_at(path), name="untouched") == list(range(30))


@pytest.mark.parametrize("how", ["deleted", "read anew"])
def test_what_became_empty_meanwhile_stays_empty(
    how: str, tmp_path: Path, mirror_at: MirrorAt, refuse: Refuse
) -> None:
    path = tmp_path / "mirror.db"
    mirror = mirror_at(path)
    filled(mirror)
    full(mirror, refuse)
    kept = mirror.collection("me", "things")
    if how == "deleted":
        assert kept.state() is not None
        kept.delete(range(100))
    else:
        kept.begin(SHAPE)
        kept.finish(kept.start(), total=0, as_of=NOW, stamp="9")
    refuse(False)
    state = kept.state()
    assert mirror.kept
    assert state is not None
    assert (state.count, state.total, state.complete) == (0, 0, True)
    assert ids(mirror_at(path)) == []
