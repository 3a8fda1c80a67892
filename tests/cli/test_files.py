"""`tockdeck files`: the files of cells and of books are listed, fetched and sent by their names."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Shell
from tui.cli import DONE, REFUSED, USAGE

TABLE = "Seabright Fleet/Fleet maintenance"


def test_files_of_cells_are_listed_fetched_and_sent(afresh: Shell, tmp_path: Path) -> None:
    ran = afresh.run("files", TABLE, "--json")
    assert ran.status == DONE, ran.err
    listed = [json.loads(line) for line in ran.out.splitlines()]
    assert {one["column"] for one in listed} == {"Pictures"}
    assert f"{len(listed)} files" in ran.err
    notes = [one for one in listed if one["name"].endswith(".txt")]
    pictures = [one for one in listed if one["name"].endswith(".png")]
    assert notes
    assert len(pictures) > 1
    plain = afresh.run("files", TABLE)
    assert all(one["name"] in plain.out for one in listed)
    # Fetched by a pattern, in any case, beside what is there; every path is told.
    folder = tmp_path / "new" / "folder"
    for turn in (1, 2):
        ran = afresh.run("files", "get", TABLE, "*.TXT", "--to", str(folder))
        assert ran.status == DONE, ran.err
        paths = [Path(line) for line in ran.out.splitlines()]
        assert len(paths) == len(notes)
        assert sorted(path.stat().st_size for path in paths) == sorted(n["bytes"] for n in notes)
        assert len(list(folder.iterdir())) == turn * len(notes)
    assert afresh.run("files", "get", TABLE, "*.exe", "--to", str(folder)).status == REFUSED
    # Sent into the row of that id, and fetched again it is the same.
    sent = tmp_path / "what [b].txt"
    sent.write_bytes(b"caf\xc3\xa9\n")
    row = str(pictures[0]["id"])
    ran = afresh.run("files", "put", str(sent), TABLE, "--row", row)
    assert ran.status == DONE, ran.err
    assert "nothing takes it back" in ran.err
    ran = afresh.run("files", "get", TABLE, "what*", "--to", str(tmp_path / "again"))
    assert ran.status == DONE, ran.err
    assert Path(ran.out.strip()).read_bytes() == sent.read_bytes()
    only = afresh.run("files", TABLE, "--where", "Status=Nobody knows", "--json")
    assert (only.status, only.out) == (REFUSED, "")


def test_files_of_a_book_and_what_means_nothing(afresh: Shell, tmp_path: Path) -> None:
    assert afresh.run("files", "notebook").status == REFUSED
    sent = tmp_path / "list.csv"
    sent.write_text("a,b\n")
    ran = afresh.run("files", "put", str(sent), "Notebook")
    assert ran.status == DONE, ran.err
    ran = afresh.run("files", "Notebook", "--json")
    (found,) = [json.loads(line) for line in ran.out.splitlines()]
    assert (found["name"], found["bytes"], found["column"]) == ("list.csv", 4, "")
    ran = afresh.run("files", "get", "Notebook", "--to", str(tmp_path / "got"))
    assert Path(ran.out.strip()).read_text() == "a,b\n"
    for words, why in [
        (["Notebok"], "'Notebook'?"),
        ([TABLE, "more"], "name one table or book"),
        (["put", str(sent)], "put FILE"),
        (["get"], "get 'Book/Table'"),
        (["put", str(sent), TABLE], "--row"),
        (["put", str(sent), TABLE, "--row", "nowhere at all"], "there is no row"),
        (["put", str(sent), TABLE, "--row", "1", "--column", "Status"], "holds no files"),
        (["put", str(sent), "Notebook", "--row", "1"], "are for tables"),
        (["Notebook", "--where", "a=b"], "are for tables"),
    ]:
        ran = afresh.run("files", *words)
        assert ran.status == USAGE, words
        assert why in ran.err, words
    gone = afresh.run("files", "put", str(tmp_path / "nothing"), "Notebook")
    assert gone.status != DONE
    assert "Traceback" not in gone.err
