"""`tockdeck table`: a table by its names out of the afresh."""

from __future__ import annotations

import csv
import json
import shlex
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Shell
from tests.harness import EmbeddedServer
from tui.cli import DONE, REFUSED, USAGE

README = ROOT / "README.md"


def test_a_table_is_written_by_its_names(afresh: Shell, tmp_path: Path) -> None:
    ran = afresh.run(
        "table", "seabright fleet/fleet MAINTENANCE", "--where", "Status=Done", "--columns",
        "Task,Boat", "--sort=-Task",
    )  # fmt: skip
    assert ran.status == DONE, ran.err
    rows = list(csv.DictReader(StringIO(ran.out)))
    assert list(rows[0]) == ["row id", "Task", "Boat", "Boat (row ids)"]
    tasks = [row["Task"].casefold() for row in rows]
    assert tasks == sorted(tasks, reverse=True)
    assert f"{len(rows)} rows" in ran.err
    file = tmp_path / "all.json"
    assert (
        afresh.run("table", "Seabright Fleet/Boats", "--to", "json", "-o", str(file)).status == DONE
    )
    assert len(json.loads(file.read_text())) == 14
    assert file.stat().st_mode & 0o777 == 0o600
    wrong = afresh.run("table", "Seabright Fleet/Boots")
    assert wrong.status == USAGE
    assert "'Boats'?" in wrong.err
    assert afresh.run("table", "Nobody/Boats").status == USAGE
    assert afresh.run("table", "Boats").status == USAGE
    nothing = afresh.run("table", "Seabright Fleet/Boats", "--where", "Nme=x")
    assert nothing.status == REFUSED
    assert "is no condition on a column" in nothing.err


def test_a_part_of_a_name_is_taken_where_it_fits_one_and_several_are_named(afresh: Shell) -> None:
    whole = afresh.run("table", "Seabright Fleet/Boats")
    assert afresh.run("table", "Fleet/Boats").out == whole.out
    assert afresh.run("table", "seab/boat").out == whole.out
    several = afresh.run("table", "e/Boa")
    assert (several.status, several.out) == (USAGE, "")
    assert "2 tables fit 'e/Boa': 'Seabright Fleet" in several.err
    assert "/Racing boats'" in several.err
    books = afresh.run("files", "o")
    assert books.status == USAGE
    assert "fit 'o': " in books.err
    assert "'Morvan Consulting'" in books.err


def test_the_examples_of_tables_and_files_in_the_readme_run_on_the_sample(
    afresh: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [shlex.split(line, comments=True) for line in README.read_text().splitlines()
             if line.startswith(("tockdeck table ", "tockdeck files "))]  # fmt: skip
    assert len(lines) == 3
    monkeypatch.chdir(tmp_path)
    assert afresh.run("table", "Fleet/Boats", "-o", "boats.csv").status == DONE
    for _, *words in lines:
        ran = afresh.run(*words)
        assert ran.status == DONE, (words, ran.err)


def test_a_file_is_brought_in_after_a_look_and_taken_back_in_one_step(
    afresh: Shell, server: EmbeddedServer, tmp_path: Path
) -> None:
    table = "Seabright Fleet/Parts inventory"
    file = tmp_path / "parts.csv"
    assert afresh.run("table", table, "-o", str(file)).status == DONE
    again = afresh.run("table", "import", str(file), table)
    assert (again.status, again.out) == (DONE, "")
    assert "0 rows to add, 0 to change, 650 as they are" in again.err
    rows = list(csv.reader(StringIO(file.read_text(), newline="")))
    names = rows[0]
    part, stock = names.index("Part"), names.index("In stock")
    for row in rows[1:14]:
        row[stock] = str(int(row[stock]) + 1)
    for number in range(15):
        rows.append(["" if n != part else f"New {number}" for n in range(len(names))])
    rows.append(["7" if n == 0 else "" for n in range(len(names))])
    file.write_text("\n".join(";".join(f'"{cell}"' for cell in row) for row in rows))
    looked = afresh.run("table", "import", "--dry-run", str(file), table)
    assert looked.status == REFUSED
    assert "15 rows to add, 13 to change, 637 as they are, 1 that cannot be taken" in looked.err
    assert "line 667, row id: there is no row 7 in the table" in looked.err
    ran = afresh.run("table", "import", str(file), table)
    assert ran.status == REFUSED
    assert "28 rows were written" in ran.err
    found = afresh.run("table", table, "--where", "Part~New 1", "--columns", "Part", "--no-ids")
    assert found.out.split("\n")[1:-1] == ["New 1", *(f"New {n}" for n in range(10, 15))]
    undone = afresh.run("changes", "undo")
    assert undone.status == DONE, undone.err
    after = afresh.run("table", "import", "--dry-run", str(file), table)
    assert "15 rows to add, 13 to change" in after.err
    assert afresh.run("table", "import", str(file)).status == USAGE
    assert "header" in afresh.run("table", "import", "/dev/null", table).err


def test_rows_that_an_import_wrote_already_are_written_once_more_by_a_word_alone(
    afresh: Shell, tmp_path: Path
) -> None:
    table = "Seabright Fleet/Parts inventory"
    file = tmp_path / "parts.csv"
    file.write_text("Part\nNew 1\nNew 2\nNew 2\n")
    ran = afresh.run("table", "import", str(file), table)
    assert (ran.status, "3 rows were added" in ran.err) == (DONE, True)
    twice = afresh.run("table", "import", str(file), table)
    assert twice.status == REFUSED
    assert "3 rows to add: all of them came with an import of today" in twice.err
    assert "nothing was sent, as they would be there twice" in twice.err
    assert afresh.run("table", "import", "--written", "rest", str(file), table).status == DONE
    file.write_text("Part\nNew 0\nNew 1\nNew 2\nNew 2\nNew 2\n")
    assert "2 rows to add" not in afresh.run("table", "import", "--dry-run", str(file), table).err
    rest = afresh.run("table", "import", "--written", "rest", str(file), table)
    assert "5 rows to add: 3 of them came with an import of today" in rest.err
    assert (rest.status, "2 rows were added" in rest.err) == (DONE, True)
    asked = ("table", table, "--where", "Part~New ", "--columns", "Part", "--no-ids")
    shown = afresh.run(*asked).out.splitlines()
    assert sorted(shown) == ["New 0", "New 1", "New 2", "New 2", "New 2", "Part"]
    again = afresh.run("table", "import", "--written", "again", str(file), table)
    assert (again.status, "5 rows were added" in again.err) == (DONE, True)
    assert afresh.run("changes", "undo").status == DONE
    assert len(afresh.run(*asked).out.splitlines()) == 6
    assert afresh.run("changes", "undo").status == DONE
    assert len(afresh.run(*asked).out.splitlines()) <= 1, "the rest is of the first one's step"
