"""Files of instruments into a session: looked at, kept, kept again, refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.embedded.igtimi.api import BOAT, Api
from tests.embedded.igtimi.test_session_logs import document

SAMPLES = Path(__file__).parents[2] / "data" / "instruments"
NOON = 1795953600000
_EDGE = "edge-of-a-part"


def send(api: Api, session: int, name: str, content: bytes | None = None, **fields: object) -> Any:
    """One file as a form; the answer's JSON, or the refusal's status and text."""
    content = (SAMPLES / name).read_bytes() if content is None else content
    parts = [
        f'--{_EDGE}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    parts += [f"--{_EDGE}\r\n{head}\r\n\r\n".encode(), content, f"\r\n--{_EDGE}--\r\n".encode()]
    answer = api.call(
        "POST",
        f"/local/sessions/{session}/files",
        body=b"".join(parts),
        kind=f"multipart/form-data; boundary={_EDGE}",
    )
    return answer.json()["file"] if answer.status == 200 else (answer.status, answer.text)


def made(api: Api) -> int:
    session: int = api.post("/sessions")["session"]["id"]
    return session


def samples(api: Api, serial: str, *kinds: int) -> dict[str, Any]:
    query = [("start_time", NOON - 3_600_000), ("end_time", NOON + 3_600_000)]
    types = [(f"types[{kind}]", 0) for kind in kinds]
    found: dict[str, Any] = api.get(
        "/resources/data", [*query, ("serial_numbers[]", serial), *types]
    )
    return found[serial]


def test_a_look_writes_nothing_and_keeping_makes_a_boat_of_the_session(api: Api) -> None:
    session = made(api)
    before = len(api.get("/devices")["devices"])
    looked = send(api, session, "boat.nmea")
    assert (looked["form"], looked["lines"], looked["kept"]) == ("NMEA 0183", 141, False)
    (boat,) = looked["boats"]
    assert (boat["name"], boat["serial_number"]) == ("boat", None)
    assert boat["start_time"] == NOON
    rates = {one["type"]: (one["samples"], one["new"], one["hertz"]) for one in boat["series"]}
    assert rates[1] == rates[9] == rates[17] == (20, 20, 1.0)
    assert looked["lost"] == {"double": 80}
    assert len(api.get("/devices")["devices"]) == before
    assert "<device>" not in api.call("GET", f"/api/v1/sessions/{session}/logs").text

    (boat,) = send(api, session, "boat.nmea", keep=1)["boats"]
    serial = boat["serial_number"]
    found = samples(api, serial, 1, 7, 8, 11, 12)
    assert found["1"]["t"] == [NOON + 1000 * n for n in range(20)]
    assert found["1"]["1"] == [pytest.approx(174.86713)] * 20
    assert found["7"]["1"] == [83] * 20
    assert found["8"]["1"] == [102] * 20
    assert found["11"]["1"] == [(330 + 3 * n) % 360 for n in range(20)]
    assert found["12"]["1"] == [22.224] * 20
    log = api.call("GET", f"/api/v1/sessions/{session}/logs").text
    assert f"<serial_number>{serial}</serial_number>" in log
    told = api.get(f"/sessions/{session}")["session"]
    assert (told["start_time"], told["end_time"]) == (NOON, boat["end_time"])
    (resource,) = api.get("/resources", [("permission", "read"), ("serial_numbers[]", serial)])[
        "resources"
    ]
    assert resource["resource"]["start_time"] == NOON


def test_read_twice_it_is_there_once_and_a_longer_file_adds_its_end(api: Api) -> None:
    session = made(api)
    lines = (SAMPLES / "boat.nmea").read_bytes().splitlines(keepends=True)
    shorter = b"".join(lines[:71])
    (first,) = send(api, session, "boat.nmea", shorter, keep=1)["boats"]
    (again,) = send(api, session, "boat.nmea", shorter, keep=1)["boats"]
    assert again["serial_number"] == first["serial_number"]
    assert {one["new"] for one in again["series"]} == {0}
    (whole,) = send(api, session, "boat.nmea", keep=1)["boats"]
    assert whole["serial_number"] == first["serial_number"]
    assert samples(api, first["serial_number"], 1)["1"]["t"] == [NOON + 1000 * n for n in range(20)]
    log = api.call("GET", f"/api/v1/sessions/{session}/logs").text
    assert log.count("<device>") == 1
    resources = api.get(
        "/resources",
        [("permission", "read"), ("serial_numbers[]", first["serial_number"])],
    )["resources"]
    assert len(resources) == 2, "nothing was added by the second reading"
    other = made(api)
    (looked,) = send(api, other, "boat.nmea")["boats"]
    assert (whole["in_session"], looked["in_session"]) == (True, False)
    (named,) = send(api, other, "boat.nmea", keep=1)["boats"]
    assert named["in_session"]
    assert {one["new"] for one in named["series"]} == {0}
    assert first["serial_number"] in api.call("GET", f"/api/v1/sessions/{other}/logs").text


def gpx(*points: tuple[int, float]) -> bytes:
    """A track: seconds after noon and latitudes."""
    fixes = "".join(
        f'<trkpt lat="{north}" lon="174.8"><time>2026-11-29T12:00:{second:02}Z</time>'
        f"<speed>{north + 40:.1f}</speed></trkpt>"
        for second, north in points
    )
    form = 'version="1.0" xmlns="http://www.topografix.com/GPX/1/0"'
    return f"<gpx {form}><trk><trkseg>{fixes}</trkseg></trk></gpx>".encode()


def test_values_that_came_for_a_time_that_has_others_are_counted(api: Api) -> None:
    session = made(api)
    again = gpx((0, -36.5), (0, -36.6), (0, -36.6), (0, -36.5), (0, -36.7), (1, -36.4))
    looked = send(api, session, "kestrel.gpx", again)
    stands = "have times that have another value already: what came first stands"
    assert looked["remarks"] == [f"6 samples {stands}"]
    assert looked["lost"] == {}
    (boat,) = send(api, session, "kestrel.gpx", again, keep=1)["boats"]
    found = samples(api, boat["serial_number"], 1, 9)
    assert found["1"]["2"] == [-36.5, -36.4]
    assert found["9"]["1"] == [pytest.approx(3.5 * 3.6), pytest.approx(3.6 * 3.6)]
    # Another recorder's file of that name is taken for the same boat's.
    other = send(api, session, "kestrel.GPX", gpx((1, -36.4), (1, -36.9), (2, -36.9)))
    assert other["remarks"] == [f"2 samples {stands}"]
    assert [one["new"] for one in other["boats"][0]["series"]] == [1, 1]
    one = send(api, session, "kestrel.gpx", gpx((0, -36.5), (1, -36.4)))
    assert one["remarks"] == [], "the same once more is no other value"


def test_a_session_that_goes_on_is_not_ended_by_data_of_the_past(api: Api) -> None:
    session = made(api)
    path = f"/api/v1/sessions/{session}/logs"
    later = document("<data_start_time>2026-11-29T12:00:05.000Z</data_start_time>", session=session)
    assert api.call("POST", path, body=later, kind="text/xml").status == 200
    (boat,) = send(api, session, "boat.nmea", keep=1)["boats"]
    told = api.get(f"/sessions/{session}")["session"]
    assert (told["start_time"], told.get("end_time")) == (NOON, None)
    # One that has an end reaches as far as its data.
    ended = document("<data_end_time>2026-11-29T12:00:06.000Z</data_end_time>", session=session)
    assert api.call("POST", path, body=ended, kind="text/xml").status == 200
    send(api, session, "boat.nmea", keep=1)
    told = api.get(f"/sessions/{session}")["session"]
    assert (told["start_time"], told["end_time"]) == (NOON, boat["end_time"])


def test_other_vessels_are_boats_of_their_own_and_gpsd_is_read_as_well(api: Api) -> None:
    session = made(api)
    told = send(api, session, "signalk.jsonl", keep=1)
    assert [boat["name"] for boat in told["boats"]] == ["signalk", "signalk 338123456"]
    assert len({boat["serial_number"] for boat in told["boats"]}) == 2
    (boat,) = send(api, session, "gpsd.jsonl")["boats"]
    assert {one["type"]: one["samples"] for one in boat["series"]} == {1: 20, 5: 20, 6: 20, 9: 20}


def test_what_a_sailor_did_is_a_note_of_the_sessions_log_once(api: Api) -> None:
    session = made(api)
    words = ["Pin end", "Boat end", "Timer started at 5:00", "Race started"]

    def told(**fields: object) -> list[tuple[int, str, bool]]:
        events = send(api, session, "made.vkx", **fields)["events"]
        for event, text in zip(events, words, strict=True):
            assert event["text"].startswith(text)
        return [(event["time"] - NOON, event["text"], event["new"]) for event in events]

    def notes() -> int:
        log: str = api.call("GET", f"/api/v1/sessions/{session}/logs").text
        return log.count("<note>")

    assert [stamp for stamp, _, new in told() if new] == [2000, 2000, 3000, 6000]
    assert notes() == 0
    told(keep=1)
    log = api.call("GET", f"/api/v1/sessions/{session}/logs").text
    assert "<metadata><note>2026-11-29T12:00:06.000Z Race started</note></metadata>" in log
    assert not any(new for _, _, new in told())
    told(keep=1)
    assert notes() == 4


def test_what_expedition_means_is_asked_for_and_said(api: Api) -> None:
    session = made(api)
    looked = send(api, session, "expedition-ole.csv")
    assert looked["lost"] == {"heading": 10, "heel": 10}
    assert "say which" in looked["lost_words"]["heading"]
    (boat,) = send(api, session, "expedition-ole.csv", heading="true", heel="port")["boats"]
    assert {7, 8, 17} & {one["type"] for one in boat["series"]} == {8, 17}
    status, text = send(api, session, "expedition-ole.csv", heading="grid")
    assert (status, "true or magnetic" in text) == (400, True)


def test_what_a_file_lacks_is_said_and_given(api: Api) -> None:
    session = made(api)
    undated = send(api, session, "real-no-date.nmea")
    assert not undated["boats"]
    assert undated["lost"]["no_date"] > 5
    (dated,) = send(api, session, "real-no-date.nmea", day="2026-07-01")["boats"]
    assert [one["samples"] for one in dated["series"] if one["type"] == 1] == [5]
    stuck = send(api, session, "real-stuck-checksums.nmea")
    assert (stuck["boats"], stuck["lost"]) == ([], {"stuck": 80})
    (read,) = send(api, session, "real-stuck-checksums.nmea", lenient=1)["boats"]
    assert [one["samples"] for one in read["series"] if one["type"] == 1] == [10]
    (leap,) = send(api, session, "midnight.nmea")["boats"]
    assert [one["samples"] for one in leap["series"] if one["type"] == 1] == [5]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("log.IPB", b"\x08\x01", "not documented"),
        ("empty.nmea", b"\r\n", "empty"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00", "none of NMEA 0183"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    api: Api, name: str, content: bytes, words: str
) -> None:
    status, text = send(api, made(api), name, content, keep=1)
    assert status == 422
    assert words in text


def test_names_that_no_log_could_hold_are_cleaned(api: Api) -> None:
    session = made(api)
    line = (SAMPLES / "signalk.jsonl").read_bytes().splitlines()[-1]
    hostile = line.replace(b"mmsi:338123456", b"mmsi:\\ud800\\u0001<b>&amp;\\u001b[31m")
    (boat,) = send(api, session, "signalk.jsonl", hostile, keep=1)["boats"]
    assert boat["name"] == "signalk ?<b>&amp;[31m"
    assert "&lt;b&gt;&amp;amp;" in api.call("GET", f"/api/v1/sessions/{session}/logs").text
    (again,) = send(api, session, "signalk.jsonl", hostile, keep=1)["boats"]
    assert again["serial_number"] == boat["serial_number"]
    assert {one["new"] for one in again["series"]} == {0}


def test_only_who_may_change_a_session_brings_files_into_it(api: Api) -> None:
    session = made(api)
    assert send(api.as_user(4), session, "boat.nmea")[0] == 401
    assert send(api.anonymous(), session, "boat.nmea")[0] == 401
    assert send(api, session, "boat.nmea", day="someday")[0] == 400


@pytest.mark.parametrize("change", ["clear", "reset"])
def test_a_boat_of_a_file_and_its_session_outlive_the_sample(api: Api, change: str) -> None:
    session = made(api)
    (boat,) = send(api, session, "boat.nmea", keep=1)["boats"]
    serial = boat["serial_number"]
    before = samples(api, serial, 1, 8, 12)
    log = api.call("GET", f"/api/v1/sessions/{session}/logs").text
    empty = made(api)
    assert api.server.http("POST", f"/_deck/sample/{change}").status == 200

    assert samples(api, serial, 1, 8, 12) == before
    assert api.call("GET", f"/api/v1/sessions/{session}/logs").text == log
    serials = [one["device"]["serial_number"] for one in api.get("/devices")["devices"]]
    assert (BOAT in serials) == (change == "reset")
    assert serial in serials
    names = [one["session"]["id"] for one in api.get("/sessions")["sessions"]]
    assert session in names
    if change == "clear":
        assert (serials, empty in names) == ([serial], False)
    again = send(api, session, "boat.nmea", keep=1)["boats"][0]
    assert again["serial_number"] == serial
    assert {one["new"] for one in again["series"]} == {0}
