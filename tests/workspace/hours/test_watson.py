"""What Watson prints of the other season is read with a word of caution; its frames are exact.

Watson 2.1.0 with arrow 1.4.0 shows every frame with the offset of the moment of asking, so that in
a zone with summer time those of the other half of the year are an hour off, in its CSV without any
sign of it: seen in the real program, findings/watson-shows-the-other-season-an-hour-off.sh.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.workspace.hours import log_of
from tui.workspace.hours.watson import LOG_NOTE

JULY, JANUARY = datetime(2026, 7, 6, 7, tzinfo=UTC), datetime(2026, 1, 12, 8, tzinfo=UTC)
"""Nine in the morning in Paris, in both seasons."""


def test_the_frames_file_says_when_it_was_in_both_seasons() -> None:
    frames = [
        [int(start.timestamp()), int(start.timestamp()) + 3600, "x", mark * 32, [], 0]
        for start, mark in ((JULY, "a"), (JANUARY, "b"))
    ]
    log = log_of(json.dumps(frames).encode())
    assert {entry.start for entry in log.entries} == {JULY, JANUARY}
    assert LOG_NOTE not in log.notes


def test_what_its_log_prints_is_said_to_be_unsafe() -> None:
    printed = "id,start,stop,project,tags\naaaaaaa,2026-07-06 08:00:00,2026-07-06 09:00:00,x,\n"
    log = log_of(printed.encode())
    assert len(log.entries) == 1
    assert LOG_NOTE in log.notes
    assert "an hour off in the other season" in LOG_NOTE


def test_what_it_sends_to_a_server_is_read_with_the_ids_of_its_frames() -> None:
    key = "0123456789abcdef" * 2
    frame = [int(JULY.timestamp()), int(JULY.timestamp()) + 90, "x", key, ["one"], 0]
    sent = {
        "id": f"urn:uuid:{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}",
        "begin_at": "2026-07-06T09:00:00+02:00",
        "end_at": "2026-07-06T07:01:30+00:00",
        "project": "x",
        "tags": ["one"],
    }
    broken = {**sent, "begin_at": "yesterday"}
    log = log_of(json.dumps([sent, broken]).encode())
    (found,), (kept,) = log.entries, log_of(json.dumps([frame]).encode()).entries
    assert (found.key, found.start, found.stop) == (kept.key, kept.start, kept.stop)
    assert (found.names, found.tags) == (kept.names, kept.tags)
    assert ([one.at for one in log.problems], log.notes) == ([2], [])
