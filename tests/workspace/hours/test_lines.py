"""A line that cannot be read is told with its number and what is wrong; the others are read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workspace.hours import PARIS, SAMPLES, log_of, reading
from tui.workspace.hours.entries import HoursError
from tui.workspace.hours.reading import problems_text, read

GOOD_TW = '{"id":2,"start":"20260119T080000Z","end":"20260119T090000Z"}'
CLOCKIFY = "Project,Client,Description,Start Date,Start Time,End Date,End Time,Duration (h)\n"
KIMAI = "Date,From,To,Duration,User,Customer,Project,Activity,Description\n"


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        (f'[{GOOD_TW},{{"start":"yesterday"}}]', 2, "'yesterday' is no moment"),
        (f"[{GOOD_TW},7]", 2, "no interval"),
        (
            f'[{GOOD_TW},{{"start":"20260119T080000Z","end":"20260119T070000Z"}}]',
            2,
            "ends before it begins",
        ),
        ("inc 20260119T080000Z - 20260119T090000Z\ninc x\n", 2, "'x' is no moment"),
        ('[[1768428000,1768435200,"a","1",[],1],[1,2]]', 2, "no frame"),
        ('[[1768428000,1768435200,"a","1",[],1],[5,2,"a","2",[],1]]', 2, "ends before"),
        (
            '[{"project":"a","start":"2026-01-14T23:00:00+01:00",'
            '"stop":"2026-01-14T23:30:00+01:00","id":"1"},'
            '{"project":"a","start":"2026-01-14T23:00:00","stop":"x","id":"2"}]',
            2,
            "no moment with its distance from UTC",
        ),
        ("2026-01-14\n    1h\n    1h90m\n", 3, "more than 59 minutes"),
        ("2026-01-14\n    1h\n    soon\n", 3, "an entry begins with a length"),
        ("2026-01-14\n    1h\n\nnote\n    1h\n", 4, "a record begins with a date"),
        ("2026-02-30\n    1h\n\n2026-01-14\n    2h\n", 1, "'2026-02-30' is no day"),
        ("2026-01-14\n    1h\n    10:00 - 9:00\n", 3, "ends before it begins"),
        ("2026-01-14\n    1h\n  2h\n", 3, "indented"),
        ("i 2026-01-14 09:00 a\no 2026-01-14 10:00\nwhat\n", 3, "it is no line as"),
        ("i 2026-01-14 09:00 a\no 2026-01-14 10:00\no 2026-01-14 11:00\n", 3, "had not begun"),
        ("i 2026-01-14 09:00 a\no 2026-01-14 10:00\ni 2026-01-14 25:00 b\n", 3, "no time of day"),
        ("2026-01-14\na  ....\nb  1h30m\n", 3, "'1h30m' is no amount"),
        ("2026-01-14\na  ....\nb  1 h\n", 3, "'1 h' is no amount"),
        ("2026-01-14\na  ....\nb  ..x\n", 3, "'..x' is no amount"),
        ("* a\nCLOCK: => 1:00\nCLOCK: [2026-01-14 Wed]\n", 3, "it is no clock"),
        (
            f"{KIMAI}2026-01-14,9:00,10:00,1:00,a,c,p,b,\n2026-01-14,9:00,8:00,-1:00,a,c,p,b,\n",
            3,
            "its length is less than nothing: -1:00:00",
        ),
        (
            "* a\nCLOCK: => 1:00\nCLOCK: [2026-01-14 Wed 10:00]--[2026-01-14 Wed 09:00] => -1:00\n",
            3,
            "ends before it begins",
        ),
        (
            f"{CLOCKIFY}a,,x,2026-01-14,9:00,2026-01-14,10:00,1:00\n"
            "a,,x,2026-01-14,nine,2026-01-14,10:00,1:00\n",
            3,
            "'nine' is no time of day",
        ),
        (
            f"{CLOCKIFY}a,,x,2026-01-14,9:00,2026-01-14,10:00,1:00\n"
            "a,,x,2026-13-14,9:00,2026-01-14,10:00,1:00\n",
            3,
            "'2026-13-14' is no day",
        ),
        (
            f'{CLOCKIFY}a,,"x\ny",2026-01-14,9:00,2026-01-14,10:00,1:00\n'
            "a,,x, y,2026-01-14,9:00,2026-01-14,10:00,1:00\n",
            4,
            "9 cells under a header of 8",
        ),
        (
            f"{KIMAI}2026-01-14,09:00,10:00,3600,A,B,C,D,\n2026-01-14,09:00,10:00,long,A,B,C,D,\n",
            3,
            "'long' is no number of hours",
        ),
        (
            "Date,Project,Hours,Billable?\n2026-01-14,a,1.5,No\n2026-01-14,a,much,No\n",
            3,
            "'much' is no number of hours",
        ),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260114T220000Z\nEND:VEVENT\n"
            "BEGIN:VEVENT\nDTSTART:20260114T240000Z\nEND:VEVENT\nEND:VCALENDAR\n",
            5,
            "'20260114T240000Z' is no moment",
        ),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260114T220000Z\nEND:VEVENT\n"
            "BEGIN:VEVENT\nDTSTART;TZID=Mars/Base:20260114T220000\nEND:VEVENT\nEND:VCALENDAR\n",
            5,
            "its time zone 'Mars/Base' is not known",
        ),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260114T220000Z\nEND:VEVENT\n"
            "BEGIN:VEVENT\nDTSTART:20260114T220000Z\n",
            5,
            "the file is cut off",
        ),
    ],
)
def test_a_bad_line_is_told_and_loses_no_other(text: str, at: int, words: str) -> None:
    log = log_of(text)
    assert len(log.entries) == 1
    assert [one.at for one in log.problems] == [at]
    assert words in log.problems[0].words


@pytest.mark.parametrize(
    "text",
    [
        f'[{GOOD_TW},{{"start":"LONG"}}]',
        "2026-01-14\na  ....\nb  LONG\n",
        f"{KIMAI}2026-01-14,09:00,10:00,3600,A,B,C,D,\nLONG,09:00,10:00,3600,A,B,C,D,\n",
        f"{KIMAI}2026-01-14,09:00,10:00,3600,A,B,C,D,\n2026-01-14,09:00,10:00,LONG,A,B,C,D,\n",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260114T220000Z\nEND:VEVENT\n"
        "BEGIN:VEVENT\nDTSTART:LONG\nEND:VEVENT\nEND:VCALENDAR\n",
    ],
)
def test_a_refusal_of_a_long_text_does_not_repeat_all_of_it(text: str) -> None:
    (problem,) = log_of(text.replace("LONG", "tomorrow" * 1000)).problems
    assert "'tomorrow" in problem.words
    assert "…" in problem.words
    assert len(problem.words) <= 160


def test_bad_lines_are_counted_and_the_first_are_told() -> None:
    log = log_of("2026-01-14\n    1h\n" + "    soon\n" * 5)
    said = problems_text(log)
    assert said.startswith("5 of 6 entries could not be read: line 3: an entry begins with")
    assert said.endswith("; and 2 more")
    assert problems_text(log_of("2026-01-14\n    1h\n")) == ""
    frames = log_of('[[1768428000,1768435200,"a","1",[],1],7]')
    assert "entry 2: " in problems_text(frames)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"  \n ", "the file is empty"),
        (b"[1", "no sound JSON"),
        (b"[]", "no entries"),
        (b'{"a": 1}', "no list of entries"),
        (b'[{"a": 1}]', "of no program that is known"),
        (b"a,b\n1,2\n", "no log of hours that is known; its first line is 'a, b'"),
        (b"Summary report\nProject,Duration (h)\n", "summary report of Clockify"),
        (b"\x00\x01\x02", "no log of hours"),
        (b"%PDF-1.4\n\xff\xfe", "no log of hours"),
    ],
)
def test_a_file_of_something_else_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(HoursError, match=words):
        log_of(content)


def test_a_row_of_our_own_csv_without_a_path_is_of_the_tracker_that_it_names() -> None:
    """A person adds a line to what was exported and writes the tracker alone."""
    lines = (
        "date,start,stop,zone,hours,h:mm,seconds,path,tracker,description,free,id",
        "2026-01-19,2026-01-19T09:00:00+01:00,2026-01-19T10:00:00+01:00,,,,3600,A › B,B,x,,",
        "2026-01-19,2026-01-19T10:00:00+01:00,2026-01-19T11:00:00+01:00,,,,3600,,B,y,,",
        "2026-01-19,2026-01-19T11:00:00+01:00,2026-01-19T12:00:00+01:00,,,,3600,,,z,,",
    )
    log = log_of("\n".join(lines).encode())
    assert [one.names for one in log.entries] == [("A", "B"), ("B",), ()]


def test_what_a_file_is_said_to_be_it_has_to_be() -> None:
    text = "2026-01-14\n    1h\n"
    assert log_of(text, "klog").form == "klog"
    for form in ("toggl", "ics"):
        with pytest.raises(HoursError):
            log_of(text, form)
    with pytest.raises(HoursError, match="looks like watson"):
        log_of(json.dumps([[1768428000, 1768435200, "a", "1", [], 1]]), "timewarrior")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-01-14\n", "klog"),
        ("2026-01-14 (8h!)\nA summary\n  1h\n", "klog"),
        ("# note\n\n2026-01-14\nwork  ..\n", "timedot"),
        ("** 2026-01-14\nwork  ..\n", "timedot"),
        ("; note\n\ni 2026/01/14 09:00:00 a\n", "timeclock"),
        ("#+TITLE: x\n* a\n  CLOCK: [2026-01-14 Wed 23:00]\n", "org"),
        ("\ufeffBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "ics"),
    ],
)
def test_texts_are_told_apart(text: str, form: str) -> None:
    assert log_of(text).form == form


def test_a_text_in_a_cell_is_not_taken_for_another_format() -> None:
    notes = '"first\n2026-01-14 second\n  third\ni 2026-01-14 09:00:00 x\nCLOCK: => 1:00"'
    log = log_of(f"Date,Project,Notes,Hours,Billable?\n2026-01-14,a,{notes},1.5,No\n")
    assert (log.form, log.seconds) == ("harvest", 5400)


def test_other_encodings_are_read_and_said() -> None:
    log = log_of("2026-01-14\n    1h Étude\n".encode("cp1252"))
    assert log.entries[0].text == "Étude"
    assert log.notes == ["It is no UTF-8: read as Windows-1252."]
    wide = log_of("2026-01-14\n    1h Étude\n".encode("utf-16"))
    assert wide.entries[0].text == "Étude"


def test_the_last_change_of_a_frame_wins() -> None:
    frames = [
        [1768428000, 1768435200, "a", "1", [], 10],
        [1768428000, 1768435300, "a", "1", [], 30],
        [1768428000, 1768435400, "a", "1", [], 20],
    ]
    (entry,) = log_of(json.dumps(frames)).entries
    assert entry.length == 7300


def test_columns_that_are_not_taken_over_are_named() -> None:
    row = "a,,x,2026-01-14,9:00,2026-01-14,10:00,1:00,62.50"
    log = log_of(f"{CLOCKIFY.strip()},Billable Rate (EUR)\n{row}\n")
    assert log.notes == ["Columns not taken over: billable rate (eur)."]


@given(st.sampled_from(SAMPLES), st.data())
def test_a_damaged_file_is_read_as_far_as_it_can_be_or_refused(
    path: Path, data: st.DataObject
) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"9", b"0001", b"9999", b"-", b'"', b"\n", b"\xff"])
        )
        content[place : place + data.draw(st.integers(0, 4))] = piece
    try:
        log = log_of(bytes(content))
    except HoursError:
        return
    for entry in log.entries:
        assert entry.on(PARIS) is None or entry.length is not None
        assert not (entry.start and entry.stop) or entry.stop >= entry.start


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31\n    23:00 - 24:00\n    1h\n\n2026-01-14\n    1h\n",
        "0001-01-01\n    <23:00 - 1:00\n\n2026-01-14\n    1h\n",
        f"{KIMAI}9999-12-31,23:00,01:00,,A,B,C,D,\n2026-01-14,23:00,01:00,,A,B,C,D,\n",
        '[[0,1,"a","1"],[99999999999,99999999999,"a","2"]]',
    ],
)
def test_what_is_of_no_year_in_which_somebody_works_is_told(text: str) -> None:
    log = log_of(text)
    assert len(log.entries) == 1
    assert log.problems
    assert {one.words for one in log.problems} <= {
        "it is outside of the years 1970 to 2199", "this is outside of the calendar",
        "This is outside of the calendar.",
    }  # fmt: skip


def test_timeclock_of_emacs_and_of_ledger() -> None:
    log = log_of(
        "h 2026-01-14 8\ni 2026-01-14 09:00:00 a\ni 2026-01-14 09:30:00 b\n"
        "o 2026-01-14 10:00:00 a\nO 2026-01-14 11:00:00 went home\n"
        "i 2026-01-14 12:00:00+0100 c\no 2026-01-14 13:00:00\n"
    )
    assert log.problems == []
    assert [(one.name, one.length, one.text) for one in log.entries] == [
        ("a", 3600, ""), ("b", 5400, "went home"), ("c", 3600, ""),
    ]  # fmt: skip
    assert log.notes == [
        "1 line of hours due (b, h) passed over.",
        "1 distance from UTC was passed over, as hledger does.",
    ]


def test_headings_of_org_are_named_without_what_changes() -> None:
    log = log_of(
        "#+TODO: NEXT(n) WAIT | GONE\n* NEXT [#A] Sail [1/3]   :a:\n** [[http://x][Loft]] [50%]\n"
        ":PROPERTIES:\n:ID: 7\n:END:\nCLOCK: [2026-01-14 09:00]--[2026-01-14 10:00]\n"
        "* NEXTDOOR\nCLOCK: [2026-01-14 St 9:00]--[2026-01-14 St 10:00] => 9:99\n"
        "CLOCK: [2026-01-14 St 9:00]--[2026-01-14 St 10:00] => 9:09\n"
    )
    assert [one.name for one in log.entries] == ["Sail › Loft", "NEXTDOOR", "NEXTDOOR"]
    assert log.seconds == 3 * 3600, "a wrong sum is mended by what the stamps say"
    assert log.entries[0].key == "7 2026-01-14 09:00:00"


def test_clocks_of_logseq_are_read_to_the_second_below_their_points() -> None:
    log = log_of(
        "- ## Work\n\t- DOING Mast [#A]\n\t  id:: 63-b\n\t  :LOGBOOK:\n"
        "\t  CLOCK: [2026-01-14 Wed 09:00:55]--[2026-01-14 Wed 10:00:57] =>  01:00:02\n"
        "\t  CLOCK: [2026-01-14 Wed 11:00:00]\n\t  :END:\n"
        "- Sail\n  CLOCK: [2026-10-25 Sun 02:30:00]--[2026-10-25 Sun 02:45:05] =>  01:15:05\n"
    )
    assert log.problems == []
    assert [(one.name, one.length, one.open) for one in log.entries] == [
        ("Work › Mast", 3602, False), ("Work › Mast", 0, True), ("Sail", 4505, False),
    ]  # fmt: skip
    assert log.entries[0].key == "63-b 2026-01-14 09:00:55"
    under = log_of("* Hull\n- State DONE\n  CLOCK: [2026-01-14 09:00]--[2026-01-14 10:00]\n")
    assert [one.name for one in under.entries] == ["Hull"], "points of org are no headings"


def test_what_toggl_itself_imports_is_read_with_a_mark_that_was_taken_for_letters() -> None:
    (entry,) = log_of(
        "\ufeff".encode().decode("latin-1")
        + '"Email",Client,Project,Task,Description,Billable,Start date,Start time,Duration,Tags\n'
        'a@example.org,Quay,Mast,,"knots, twice",No,2026-01-14,09:05:00,02:30:00,"a, b"\n'
    ).entries
    assert (entry.name, entry.length, entry.text) == ("Quay › Mast", 9000, "knots, twice")


def test_texts_of_klog_go_on_below() -> None:
    log = log_of("2026-01-14\n    1h\n        one\n        two\n\t8:00am-9:15pm three\n")
    assert [one.text for one in log.entries] == ["one\ntwo"]
    assert [one.at for one in log.problems] == [5], "a tab after spaces"
    assert log_of("2026-01-14\n\t8:00am-9:15pm three\n").seconds == 47700


@pytest.mark.parametrize("length", ["", "3600", "1:00"])
def test_rows_without_an_end_are_open_or_as_long_as_they_say(length: str) -> None:
    (entry,) = log_of(f"{KIMAI}2026-01-14,09:00,,{length},A,B,C,D,\n").entries
    assert (entry.open, entry.length) == (not length, 3600 if length else 0)


@pytest.mark.parametrize("row", ["Total,,,,,,,1:00", ",,,,,,Total:,1:00"])
def test_the_row_of_totals_is_no_entry(row: str) -> None:
    log = log_of(f"{CLOCKIFY}a,,x,2026-01-14,9:00,2026-01-14,10:00,1:00\n{row}\n")
    assert (len(log.entries), log.problems) == (1, [])


def test_watsons_own_csv_is_read_with_a_warning() -> None:
    log = log_of(
        'id,start,stop,project,tags\n7fd,2026-01-14 23:00:00,2026-01-15 01:00:00,p,"a, b"\n'
    )
    assert (log.form, log.seconds, log.entries[0].tags) == ("watson", 7200, ("a", "b"))
    assert "the safer one" in log.notes[0]


def test_of_several_people_one_alone_is_read() -> None:
    header = "User,Email,Client,Project,Task,Description,Start date,Start time,End date,End time"
    row = ",u@example.com,,p,,d,2026-01-14,{}:00:00,2026-01-14,{}:30:00,00:30:00"
    lines = [f"{header},Duration", f"Ada L{row.format(9, 9)}", f"Ben{row.format(10, 10)}"]
    content = "\n".join(lines).encode()
    log = read(content, replace(reading(), person="ada l"))
    assert [one.person for one in log.entries] == ["Ada L"]
    assert "1 entry of others passed over." in log.notes
    with pytest.raises(HoursError, match=r"no entries of 'Cy': they are of Ada L, Ben"):
        read(content, replace(reading(), person="Cy"))
    with pytest.raises(HoursError, match="does not say whose they are"):
        read(b"i 2026-01-14 09:00 a\no 2026-01-14 10:00\n", replace(reading(), person="Cy"))


def test_a_tag_of_timewarrior_may_begin_with_the_sign_that_parts_tags_from_the_annotation() -> None:
    """As timewarrior 1.4.3 writes and reads its own file: only a sign alone parts them."""
    log = log_of(
        'inc 20260105T080000Z - 20260105T090000Z # #tag "a b" x#y # "hash # and http://x/#b"\n'
        'inc 20260105T100000Z - 20260105T110000Z # # "only a note"\n'
        "inc 20260105T120000Z - 20260105T130000Z # #7\n"
    )
    assert [(one.tags, one.text) for one in log.entries] == [
        (("#tag", "a b", "x#y"), "hash # and http://x/#b"),
        ((), "only a note"),
        (("#7",), ""),
    ]


def test_amounts_of_timedot_are_what_hledger_counts() -> None:
    """hledger 1.25 says 0.50, 1.50, 1.50, 1.50, 0.50 and 1.00 of these, and nothing of the rest."""
    log = log_of(
        "2026-01-14\nclient; north  ..\nb  1,50\nc  1,5h\nd  +1.5\ne  ,5\nf  1 ; a; b\n"
        "  ; a remark\n  # another\n"
    )
    assert log.problems == []
    assert [(one.names, one.text, one.seconds) for one in log.entries] == [
        (("client; north",), "", 1800),
        (("b",), "", 5400),
        (("c",), "", 5400),
        (("d",), "", 5400),
        (("e",), "", 1800),
        (("f",), "a; b", 3600),
    ]


def test_clocks_of_org_in_small_letters_are_read() -> None:
    """Emacs 28.2 with Org 9.5.5 counts them like any other."""
    log = log_of("* a\nclock: [2026-01-14 Wed 10:00]--[2026-01-14 Wed 10:11] =>  0:11\n")
    assert (log.form, log.seconds) == ("org", 660)
