"""Every sample with its right total, as the programs themselves have it where they are right."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.workspace.hours import DATA, SAMPLES, log_of
from tui.workspace.hours.entries import Entry

HOUR = 3600
RIGHT = {
    "calendar.ics": ("ics", 7, 0, 9.5 * HOUR),
    "clockify-iso.csv": ("clockify", 2, 0, 2 * HOUR + 20 * 60),
    "clockify-semicolon-comma.csv": ("clockify", 1, 0, 3.5 * HOUR),
    "clockify-us-12h.csv": ("clockify", 2, 0, 2.5 * HOUR),
    "harvest-comma.csv": ("harvest", 1, 0, 7.5 * HOUR),
    "harvest.csv": ("harvest", 2, 0, 2.33 * HOUR),
    "kimai.csv": ("kimai", 2, 0, 14460),
    "klog.klg": ("klog", 10, 1, 21.5 * HOUR),
    "org.org": ("org", 9, 1, 35.75 * HOUR),
    "timeclock.timeclock": ("timeclock", 8, 1, 7 * HOUR),
    "timedot.timedot": ("timedot", 5, 0, 52.75 * HOUR),
    "timewarrior-export.json": ("timewarrior", 7, 1, 7 * HOUR + 59 * 60 + 45),
    "timewarrior.data": ("timewarrior", 7, 1, 7 * HOUR + 59 * 60 + 45),
    "toggl-detailed-2024.csv": ("toggl", 3, 0, 4 * HOUR),
    "toggl-new.csv": ("toggl", 2, 0, 2 * HOUR + 45 * 60 + 30),
    "watson-frames": ("watson", 6, 0, 8 * HOUR + 29 * 60 + 45),
    "watson-log.json": ("watson", 3, 1, 5 * HOUR),
}


def sample(name: str) -> list[Entry]:
    log = log_of((DATA / name).read_bytes())
    assert log.problems == []
    return log.entries


def named(entries: list[Entry], name: str) -> Entry:
    return next(entry for entry in entries if name in (entry.name, entry.text))


def test_every_sample_has_its_total_here() -> None:
    assert {path.name for path in SAMPLES} == set(RIGHT)


@pytest.mark.parametrize("name", RIGHT)
def test_a_sample_is_recognised_and_has_the_right_total(name: str) -> None:
    log = log_of((DATA / name).read_bytes())
    opened = sum(entry.open for entry in log.entries)
    assert (log.form, len(log.entries), opened, log.seconds) == RIGHT[name]
    assert log.problems == []


@pytest.mark.parametrize("name", ["timewarrior-export.json", "timewarrior.data"])
def test_timewarrior(name: str) -> None:
    entries = sample(name)
    first = entries[0]
    assert first.tags == ("alpha", "two words", "Étude & co")
    assert first.text == 'said "hi" # not a tag'
    assert first.start == datetime(2026, 1, 14, 22, tzinfo=UTC)
    assert (first.name, entries[2].name, entries[2].tags) == ("alpha", "", ())
    assert named(entries, "gap").length == HOUR
    assert named(entries, "twice").length == 3 * HOUR
    assert (entries[6].open, entries[6].length) == (True, 0)


def test_watson() -> None:
    frames, log = sample("watson-frames"), sample("watson-log.json")
    assert frames[0].names == ("Étude & co",)
    assert frames[0].tags == ("zeta", "two words")
    shared = {entry.key for entry in frames} & {entry.key for entry in log}
    assert len(shared) == 2
    both = {entry.key: (entry.start, entry.stop) for entry in frames}
    assert all(both[entry.key] == (entry.start, entry.stop) for entry in log if entry.stop)
    assert log[2].open, "its stop is only the moment of the export"


def test_klog() -> None:
    entries = sample("klog.klg")
    assert entries[0].start == datetime(2026, 1, 13, 22, tzinfo=UTC), "the evening before"
    assert entries[0].tags == ("night", "client=two words")
    assert [entry.seconds for entry in entries if entry.start is None] == [-900, 5400, 5400]
    assert named(entries, "over midnight").length == 2.5 * HOUR
    assert sum(entry.length for entry in entries[:6]) == 17.5 * HOUR
    assert entries[2].name == "étude"


def test_timeclock() -> None:
    entries = sample("timeclock.timeclock")
    assert entries[0].names == ("work", "Étude & co")
    assert entries[0].text == 'said "hi"'
    thirds = [entry.length for entry in entries if entry.name == "thirds"]
    assert sum(thirds) == HOUR, "hledger cuts each to hundredths"
    assert named(entries, "gap").length == HOUR
    assert named(entries, "twice").length == 3 * HOUR
    assert (entries[7].name, entries[7].open) == ("open", True)


def test_timedot() -> None:
    entries = sample("timedot.timedot")
    assert [entry.seconds for entry in entries] == [5400, 5400, 5400, 48 * HOUR, 900]
    assert (entries[1].text, entries[4].text) == ("note", "a description")
    assert entries[0].names == ("work", "a")
    # What hledger 1.25 says of it: 2.00, 0.50, -0.25, 1.00, and nothing of the headline.
    text = "* pre\n1/14 hull\n# note\nwork:a  2\n01.15\nb  ..\nb  -15m\n*** c  1 ; x\n** head\n"
    log = log_of(text)
    assert [(one.day, one.name, one.seconds, one.text) for one in log.entries] == [
        (date(2026, 1, 14), "work › a", 7200, "hull"),
        (date(2026, 1, 15), "b", 1800, ""),
        (date(2026, 1, 15), "b", -900, ""),
        (date(2026, 1, 15), "c", 3600, "x"),
    ]
    assert log.form == "timedot"
    assert log.notes == ["2 days without a year: read as of 2026."]
    assert log_of("2/29\nwork  1\n").problems[0].words == "'2026-2/29' is no day", "hledger: too"
    mixed = log_of("2025-12-31\na  1\n1/1\nb  2\n")
    assert [one.day for one in mixed.entries] == [date(2025, 12, 31), date(2026, 1, 1)]


def test_org() -> None:
    entries = sample("org.org")
    assert entries[0].names == ('Étude "q"',)
    assert entries[0].tags == ("client", "tag")
    assert [entry.length for entry in entries] == [
        2 * HOUR, 26 * HOUR, HOUR, 3 * HOUR, 0, 2 * HOUR, 0, HOUR, 2700,
    ]  # fmt: skip
    assert entries[8].names == ('Étude "q"', "child")
    assert (entries[8].start, entries[8].day) == (None, None)


def test_toggl() -> None:
    old, new = sample("toggl-detailed-2024.csv"), sample("toggl-new.csv")
    assert old[0].names == ("Étude & co", "Hull")
    assert (old[0].text, old[0].tags) == ('said "hi", and more', ("one", "two words"))
    assert named(old, "night").start == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first 2:30"
    assert (new[1].names, new[1].text, new[1].tags) == ((), "", ()), "- is nothing"
    assert new[0].person == "A B"


def test_clockify() -> None:
    assert [entry.length for entry in sample("clockify-iso.csv")] == [7200, 1200]
    early, noon = sample("clockify-us-12h.csv")
    assert early.stop == datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
    assert noon.start == datetime(2026, 1, 16, 10, 30, tzinfo=UTC)
    (german,) = sample("clockify-semicolon-comma.csv")
    assert german.start == datetime(2026, 1, 14, 12, tzinfo=UTC)


def test_harvest() -> None:
    first, third = sample("harvest.csv")
    assert first.names == ("Étude & co", "Hull", "Design")
    assert first.text == 'said "hi"\nsecond line'
    assert (third.seconds, third.at) == (1188, 4), "a third is 0.33 there; its line is the fourth"
    (german,) = sample("harvest-comma.csv")
    assert (german.day, german.seconds) == (date(2026, 1, 26), 27000)
    heads = "Datum;Kunde;Projekt;Projektcode;Aufgabe;Notizen;Stunden;Abrechenbar?;Vorname;Nachname"
    for separator, row in (
        (";", "26.01.2026;Étude & co;Hull;;Design;note;7,5;Nein;A;B"),
        (",", '26.01.2026,Étude & co,Hull,"",Design,note,"7,50",Nein,A,B'),
        (";", "26.01.2026;Étude & co;Hull;;Design;note;7:30;Nein;A;B"),
    ):
        log = log_of(f"\ufeff{heads.replace(';', separator)}\r\n{row}\r\n")
        (one,) = log.entries
        assert (log.form, one.day, one.seconds) == ("harvest", german.day, german.seconds)
        assert (one.names, one.text, one.person) == (german.names, german.text, german.person)


def test_kimai() -> None:
    night, day = sample("kimai.csv")
    assert night.stop == datetime(2026, 1, 15, 0, tzinfo=UTC), "an end before the start"
    assert (day.length, night.tags) == (7260, ("one", "two words"))


HEADS = {
    "de": "Datum;Von;Bis;Dauer;Preis;Name;Benutzer;Kunde;Projekt;Tätigkeit;Beschreibung;Tags",
    "fr": "Date;De;À;Durée;Taux;Nom;Nom d'utilisateur;Client;Projet;Activité;Description;Mots-clés",
    "pl": "Data;Od;Do;Czas trwania;Stawka;Nazwa;Użytkownik;Klient;Projekt;Aktywność;Opis;Tagi",
    "en": "Date;From;To;Duration;Price;Name;User;Customer;Project;Activity;Description;Tags",
}


def test_kimai_writes_its_headers_in_the_language_of_whoever_exports() -> None:
    row = "14.01.2026;23:30;00:30;1:00;0;n;me;Étude;Hull;Lines;text;a,b"
    found = [log_of(f"{heads}\n{row}\n") for heads in HEADS.values()]
    assert {log.form for log in found} == {"kimai"}
    for log in found:
        (entry,) = log.entries
        assert entry.start == datetime(2026, 1, 14, 22, 30, tzinfo=UTC)
        assert (entry.length, entry.names) == (HOUR, ("Étude", "Hull", "Lines"))
        assert (entry.person, entry.text, entry.tags) == ("me", "text", ("a", "b"))


def test_clockify_without_times_and_with_breaks() -> None:
    heads = "Project,Client,Description,Start Date,Start Time,Duration (h),Type"
    log = log_of(
        f"{heads}\nP,C,x,2026-01-14,,07:30:00,Regular\nP,C,x,2026-01-14,9:00 AM,0:30,Break\n"
        "P,C,x,2026-01-14,1:00 PM,0:45,Regular\n"
    )
    untimed, timed = log.entries
    assert (untimed.start, untimed.day, untimed.seconds) == (None, date(2026, 1, 14), 27000)
    assert (timed.start, timed.length) == (datetime(2026, 1, 14, 12, tzinfo=UTC), 2700)
    assert log.notes[0] == "1 break passed over."
    dots = log_of("2026-01-14\nx  .5\nx  2.h\nx  .. .\nx  1 2\n")
    assert [entry.seconds for entry in dots.entries] == [1800, 7200, 2700]
    assert len(dots.problems) == 1, "two numbers are none"
    few = log_of("Date,Client,Project,Task,Notes,Hours\n2026-01-14,C,P,T,n,2.25\n")
    assert (few.form, few.seconds) == ("harvest", 8100)


def test_ics() -> None:
    entries = sample("calendar.ics")
    assert named(entries, "two exact hours in the night of the change").length == 2 * HOUR
    assert named(entries, "three hours").length == 3 * HOUR
    assert named(entries, "no end: no length").length == 0
    assert named(entries, 'Étude, "q"; x\\y\nsecond line').tags == ("one", "two words")
    mondays = [entry.start for entry in entries if "Mondays" in entry.text]
    assert mondays == [datetime(2026, 10, 19, 7, tzinfo=UTC)]
    moved = named(entries, "the last one moved and longer")
    assert moved.start == datetime(2026, 11, 2, 13, tzinfo=UTC)
    days = next(entry for entry in entries if entry.start is None)
    assert (days.day, days.seconds) == (date(2026, 1, 14), 0)
    assert days.lost == ("all day, 2 days: that is no number of hours",)
