"""Recordings that play instead of the fleet."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.embedded.igtimi.api import Api, next_array, next_integer
from tests.harness import EmbeddedServer
from tui.embedded.igtimi.replay import Replay, UnreadableRecording, read_recording

DATA = Path(__file__).parents[2] / "data" / "igtimi"
TRANSCRIPT = DATA / "ws_transcript_GA-DK-AAAD.jsonl"
TRACK = DATA / "rest_data_FA-AA-AAAM_type1_compressed.json"
NOW = 1_800_000_000_000


def recorded_arrays() -> list[list[dict[str, Any]]]:
    lines = [json.loads(line) for line in TRANSCRIPT.read_text().splitlines()]
    texts = [line["text"] for line in lines if line["dir"] == "server->client"]
    return [json.loads(text) for text in texts if text.startswith("[")]


def shapes(arrays: list[list[dict[str, Any]]]) -> list[list[dict[str, list[str]]]]:
    return [[{s: sorted(types) for s, types in e.items()} for e in array] for array in arrays]


def test_a_transcript_keeps_its_arrays_and_is_shifted_to_now() -> None:
    replay = Replay([read_recording(TRANSCRIPT)], NOW)
    assert replay.serials == ("GA-DK-AAAD",)
    assert replay.step(0.4).messages == []
    messages = [array for _ in range(13) for array in replay.step(0.5).messages or []]
    found = [
        [{burst.serial: sorted(str(kind) for kind, _ in burst.columns)} for burst in array]
        for array in messages
    ]
    assert found == shapes(recorded_arrays())
    first = messages[0][0].columns[1, 0]
    assert first.stamps == [NOW + 500]
    assert first.axes == [[170.503938], [-45.8770313333333]]
    assert messages[-1][0].columns[1, 0].stamps == [NOW + 6500]


def test_a_recording_starts_over() -> None:
    replay = Replay([read_recording(TRANSCRIPT)], NOW)
    stamps = [
        burst.columns[1, 0].stamps[0]
        for _ in range(60)
        for burst in replay.step(0.5).live
        if (1, 0) in burst.columns
    ]
    # The recording is six seconds long, and half a second of rest comes before each beginning.
    expected = [NOW + begin + at for begin in range(500, 30_000, 6_500) for at in (0, 3000, 6000)]
    assert stamps == [stamp for stamp in expected if stamp <= NOW + 30_000]


def test_a_recording_as_it_is_keeps_its_times_and_plays_once(tmp_path: Path) -> None:
    path = tmp_path / "race.as-is.jsonl"
    shutil.copy(TRANSCRIPT, path)
    replay = Replay([read_recording(path)], NOW)
    bursts = [burst for _ in range(60) for burst in replay.step(0.5).live]
    stamps = [b.columns[1, 0].stamps[0] for b in bursts if (1, 0) in b.columns]
    assert stamps == [1384906719040, 1384906722040, 1384906725040]
    assert not any(burst.stored for burst in bursts)


def test_an_answer_plays_each_moment_at_its_time() -> None:
    recording = read_recording(TRACK)
    replay = Replay([recording], NOW)
    assert len(recording.frames) == 114
    assert len(replay.step(22).live) == 2
    assert sum(len(replay.step(10).live) for _ in range(600)) >= 112


def test_several_sources_and_a_stamp_of_0(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"A": {"13:100": {"t": [0, 5], "1": [60, 61]}}, "archived_resources": [7]}')
    bursts = Replay([read_recording(path)], NOW).step(10).live
    assert next(burst.columns[13, 100].stamps for burst in bursts) == [0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "rubbish"),
        ("a.json", "[]"),
        ("a.json", "{}"),
        ("a.json", '{"A": {"1": {"t": [1], "1": [1, 2]}}}'),
        ("a.json", '{"A": {"x": {"t": [1], "1": [1]}}}'),
        ("a.json", '{"A": {"1": {"1": [1]}}}'),
        ("a.jsonl", "[]\n"),
        ("a.jsonl", '{"dir": "server->client", "text": "[oops"}\n'),
        ("a.jsonl", '{"dir": "client->server", "text": "[]"}\n'),
    ],
)
def test_a_file_that_is_no_recording_says_so(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(UnreadableRecording, match="cannot be played"):
        read_recording(path)


async def test_a_replay_is_served_live_and_over_rest() -> None:
    with EmbeddedServer(services=["igtimi"], replay=(TRANSCRIPT, TRACK)) as server:
        api = Api(server)
        serials = ["GA-DK-AAAD", "FA-AA-AAAM", "GA-EN-AAAA"]
        async with api.live() as websocket:
            await api.subscribe(websocket, serials)
            clock = await next_integer(websocket)
            array = await next_array(websocket)
        assert set().union(*array) <= set(serials[:2])
        stamps = [
            s for e in array for series in e.values() for axes in series.values() for s in axes["t"]
        ]
        assert all(0 <= stamp - clock < 10_000 for stamp in stamps)
        query = [
            ("serial_numbers[]", "FA-AA-AAAM"),
            ("types[1]", 0),
            ("start_time", 1328480640000),
            ("end_time", 1328486508000),
        ]
        assert api.get("/resources/data", query) == json.loads(TRACK.read_text())
        names = [e["session"]["name"] for e in api.get("/sessions")["sessions"]]
        assert f"Replay: {TRACK.name}" in names
