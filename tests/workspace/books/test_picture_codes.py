"""What draws a picture in a terminal, read back as terminals read it."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.workspace.books.test_pictures import GROUND, picture
from tui.config.settings import Deck
from tui.workspace.books.picture_codes import CHUNK, KITTY_ERASED, PICTURE_ID, kitty_of, sixel_of
from tui.workspace.books.picture_ways import Answered, most_bytes, way_of, why_not_asked
from tui.workspace.books.pictures import drawn_of

CELL = (10, 20)
ANY = st.binary(min_size=1, max_size=3 * CHUNK)
_PIECE = re.compile(r"\x1b_G([^;\x1b]*);([A-Za-z0-9+/=]*)\x1b\\")
_SIXEL = re.compile(r'\x1bP[\d;]*q"1;1;(\d+);(\d+)((?:#\d+;2;\d+;\d+;\d+)*)([^\x1b]*)\x1b\\')
_TOKEN = re.compile(r"#(\d+)|!(\d+)(.)|([$-])|([?-~])")


def kitty_read(sequence: str) -> tuple[dict[str, str], bytes]:
    """The keys and the file of a picture by kitty's protocol."""
    pieces = _PIECE.findall(sequence)
    assert "".join(f"\x1b_G{keys};{data}\x1b\\" for keys, data in pieces) == sequence
    assert all(len(data) <= CHUNK and len(data) % 4 == 0 for _, data in pieces)
    more = [dict(part.split("=") for part in keys.split(",")) for keys, _ in pieces]
    assert [one["m"] for one in more] == ["1"] * (len(pieces) - 1) + ["0"]
    assert all(one["q"] == "2" for one in more), "nothing is answered"
    return more[0], b64decode("".join(data for _, data in pieces))


def sixel_read(sequence: str) -> tuple[int, list[bytes], list[tuple[int, ...]]]:
    """The width, the rows of colours and the palette (in percent) of sixels."""
    whole = _SIXEL.fullmatch(sequence)
    assert whole is not None
    width, height = int(whole[1]), int(whole[2])
    palette = [tuple(map(int, colour.split(";")[2:])) for colour in whole[3].split("#") if colour]
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    x = top = colour = 0
    for number, times, repeated, end, single in _TOKEN.findall(whole[4]):
        if number:
            colour = int(number)
        elif end:
            x, top = 0, top + 6 * (end == "-")
        else:
            bits = ord(repeated or single) - 63
            for column in range(x, x + int(times or 1)):
                for bit in range(6):
                    if bits >> bit & 1:
                        rows[top + bit][column] = colour
            x += int(times or 1)
    return width, [bytes(row) for row in rows], palette


@given(ANY, st.integers(1, 300), st.integers(1, 100))
@settings(max_examples=40, deadline=None)
def test_a_file_comes_whole_out_of_kitty_s_chunks(png: bytes, columns: int, lines: int) -> None:
    keys, read = kitty_read(kitty_of(png, columns, lines))
    assert read == png
    assert (keys["a"], keys["f"], keys["i"]) == ("T", "100", str(PICTURE_ID))
    assert (keys["c"], keys["r"], keys["C"]) == (str(columns), str(lines), "1")
    assert f"i={PICTURE_ID}," in KITTY_ERASED


@given(
    width=st.integers(1, 40),
    height=st.integers(1, 20),
    colours=st.integers(1, 9),
    seed=st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_pixels_come_whole_out_of_sixels(
    width: int, height: int, colours: int, seed: object
) -> None:
    pixels = bytes(
        seed.randrange(colours) if seed.random() < 0.5 else 0  # type: ignore[attr-defined]
        for _ in range(width * height)
    )
    palette = [(number * 28, 255 - number, 0) for number in range(colours)]
    wide, rows, found = sixel_read(sixel_of(width, pixels, palette))
    assert (wide, b"".join(rows)) == (width, pixels)
    assert found == [
        (round(red * 100 / 255), round(green * 100 / 255), 0) for red, green, _ in palette
    ]


@given(
    size=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    room=st.tuples(st.integers(1, 12), st.integers(1, 6)),
)
@settings(max_examples=40, deadline=None)
def test_a_picture_fills_whole_cells_of_its_room(
    size: tuple[int, int], room: tuple[int, int]
) -> None:
    content = picture("PNG", size)
    drawn = drawn_of(content, GROUND, room, CELL, "kitty", 100_000)
    assert drawn is not None
    keys, png = kitty_read(drawn.draw)
    assert (int(keys["c"]), int(keys["r"])) == (drawn.columns, drawn.lines)
    with Image.open(BytesIO(png)) as image:
        assert image.size == (drawn.columns * CELL[0], drawn.lines * CELL[1])
        assert image.convert("RGB").getpixel((0, 0)) == (200, 0, 0)
    assert drawn.erase == KITTY_ERASED
    other = drawn_of(content, GROUND, room, CELL, "sixel", 100_000)
    assert other is not None
    width, rows, palette = sixel_read(other.draw)
    assert width == other.columns * CELL[0]
    assert len(rows) % 6 == 0
    assert (other.lines - 1) * CELL[1] < len(rows) <= other.lines * CELL[1]
    assert palette[rows[0][0]] == (78, 0, 0)
    assert other.erase == ""
    for one in (drawn, other):
        assert 1 <= one.columns <= room[0]
        assert 1 <= one.lines <= room[1]


@pytest.mark.parametrize("way", ["kitty", "sixel"])
def test_what_would_cost_too_much_is_made_smaller_and_then_not_drawn(way: str) -> None:
    out = BytesIO()
    Image.effect_noise((160, 100), 200).convert("RGB").save(out, "PNG")
    room = (16, 5)
    whole, less, none = (
        drawn_of(out.getvalue(), GROUND, room, CELL, way, most)  # type: ignore[arg-type]
        for most in (1_000_000, 12_000, 500)
    )
    assert whole is not None
    assert less is not None
    assert len(less.draw) <= 12_000 < len(whole.draw)
    # Of fewer pixels, but kitty stretches them.
    assert (less.columns == whole.columns) == (way == "kitty")
    assert none is None


def test_the_way_is_what_the_terminal_answered_or_what_is_set() -> None:
    both = Answered(kitty=True, sixel=True, cell=CELL)
    for setting, answered, way in (
        ("auto", both, "kitty"), ("auto", both._replace(kitty=False), "sixel"),
        ("auto", both._replace(cell=None), "blocks"), ("auto", Answered(cell=CELL), "blocks"),
        ("sixel", both, "sixel"), ("kitty", Answered(cell=CELL), "kitty"),
    ):  # fmt: skip
        assert way_of(setting, answered) == (way, ""), (setting, answered)  # type: ignore[arg-type]
    assert way_of("sixel", Answered()) == (
        "blocks", "the terminal does not say how large its cells are",
    )  # fmt: skip
    for environment, setting in (
        ({"STY": "1.a"}, "kitty"), ({"TERM": "linux"}, "auto"), ({"NO_COLOR": "1"}, "auto"),
        ({}, "blocks"),
    ):  # fmt: skip
        deck = Deck(pictures=setting)
        assert why_not_asked(deck.pictures, "auto", {"TERM": "xterm-256color", **environment})
    assert (
        why_not_asked("auto", "auto", {"TERM": "xterm-256color", "TMUX": "x", "STY": "1.a"}) == ""
    )
    assert (most_bytes(0), most_bytes(20), most_bytes(1_000)) == (400_000, 80_000, 400_000)
