from __future__ import annotations

import re

from tests.widgets.hosts import Host, line_of, lines_of, settle
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node, OutlineModel

TREE = [
    Node(
        "a",
        "Alpha",
        badge="2",
        children=[
            Node("a1", "Ant"),
            Node("a2", "Asp", detail="venomous", children=[Node("x", "X")]),
        ],
    ),
    Node("b", "Beta", children=None),
    Node("c", "Gamma", badge="12:04", badge_role="good", mark="●"),
]


def test_only_open_nodes_show_their_children() -> None:
    model = OutlineModel(TREE)
    assert [line.node.key for line in model.lines] == ["a", "b", "c"]
    model.set_open(TREE[0], True)
    assert [(line.node.key, line.depth) for line in model.lines] == [
        ("a", 0),
        ("a1", 1),
        ("a2", 1),
        ("b", 0),
        ("c", 0),
    ]
    assert model.parent_index(2) == 0
    assert model.parent_index(3) is None


def test_a_node_without_children_is_never_open() -> None:
    model = OutlineModel([Node("a", "A", open=True), Node("b", "B", open=True, children=None)])
    assert [line.open for line in model.lines] == [False, True]


def test_folds_stay_when_nodes_are_new() -> None:
    model = OutlineModel(TREE)
    model.set_open(TREE[0], True)
    model.set_nodes([Node("z", "Zeta"), Node("a", "Other", children=[Node("n", "New")])])
    assert [line.node.key for line in model.lines] == ["z", "a", "n"]


def test_children_arrive_at_any_depth() -> None:
    model = OutlineModel([Node("a", "A", open=True, children=[Node("b", "B", children=None)])])
    model.set_children("b", [Node("c", "C")])
    model.set_children("gone", [Node("d", "D")])
    model.set_open(model.lines[1].node, True)
    assert [line.node.label for line in model.lines] == ["A", "B", "C"]


def test_what_a_node_stands_under_is_opened() -> None:
    model = OutlineModel(TREE)
    model.open_above("x")
    assert [line.node.key for line in model.lines] == ["a", "a1", "a2", "x", "b", "c"]
    before = list(model.lines)
    model.open_above("nobody")
    assert model.lines == before


def test_a_filter_shows_matches_and_what_they_stand_under() -> None:
    model = OutlineModel(TREE)
    model.set_filter("VENOM")
    assert [line.node.key for line in model.lines] == ["a", "a2"]
    model.set_filter("alpha")
    assert [line.node.key for line in model.lines] == ["a"]
    model.set_filter("nobody")
    assert model.lines == []
    model.set_filter("")
    assert len(model.lines) == 3


def test_a_filter_takes_words_in_any_order_without_case_and_accents() -> None:
    model = OutlineModel([Node("k", "Kōtare", detail="Fairlead › Régates"), Node("x", "Petrel")])
    for typed in ("kotare", "KŌTARE", "regates kot", "kotare !petrel"):
        model.set_filter(typed)
        assert [line.node.key for line in model.lines] == ["k"], typed
    model.set_filter("kotare petrel")
    assert model.lines == []


async def test_keys_open_close_and_tell() -> None:
    outline = Outline(TREE)
    app = Host(outline, notes=(Outline.Expanded, Outline.Collapsed, Outline.Selected))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("l")
        assert [m.key for m in app.heard(Outline.Expanded)] == ["a"]  # type: ignore[attr-defined]
        await pilot.press("l")
        assert outline.node == Node("a1", "Ant")
        await pilot.press("h")
        assert outline.cursor_row == 0
        await pilot.press("h")
        assert [m.key for m in app.heard(Outline.Collapsed)] == ["a"]  # type: ignore[attr-defined]
        await pilot.press("j", "space")
        assert [m.key for m in app.heard(Outline.Expanded)] == ["b"]  # type: ignore[attr-defined]
        outline.set_children("b", [Node("b1", "Bee")])
        assert any("Bee" in line for line in lines_of(outline))
        await pilot.press("G", "enter")
        assert [m.key for m in app.heard(Outline.Selected)] == ["c"]  # type: ignore[attr-defined]


async def test_lines_show_fold_marks_badges_and_details() -> None:
    outline = Outline(TREE)
    async with Host(outline).run_test(size=(30, 8)) as pilot:
        await settle(pilot)
        assert line_of(outline, 0) == "▌ ▸ Alpha" + " " * 20 + "2"
        assert line_of(outline, 2) == "    ● Gamma" + " " * 14 + "12:04"
        await pilot.press("l")
        assert line_of(outline, 0).startswith("▌ ▾ Alpha")
        assert "▸ Asp  venomous" in line_of(outline, 2)
        outline.set_nodes([Node("p", "plain")])
        assert line_of(outline, 0).startswith("▌ plain")


async def test_a_name_that_has_no_room_is_shortened_in_its_middle() -> None:
    long = "The club's committee boat, number "
    names = [Node(str(n), f"{long}{n}", is_name=True) for n in (1, 2)]
    outline = Outline([*names, Node("c", long)])
    async with Host(outline).run_test(size=(24, 8)) as pilot:
        await settle(pilot)
        lines = [line_of(outline, row).rstrip() for row in range(3)]
        assert all(line[2:].startswith("The club") for line in lines)
        assert lines[0].endswith("number 1")
        assert lines[1].endswith("number 2")
        assert lines[2].endswith("…")


async def test_a_badge_that_has_no_room_is_no_other_figure() -> None:
    outline = Outline([Node("a", "Alpha", badge="22,764.97 · 7"), Node("b", "B", badge="12:04:10")])
    async with Host(outline).run_test(size=(20, 8)) as pilot:
        await settle(pilot)
        assert line_of(outline, 0).rstrip().endswith(" …"), "and not 22,764.…"
        for row in (0, 1):
            for width in range(1, 20):
                segments = outline.render_row(row, width, outline.palette.plain, outline.palette)
                text = "".join(segment.text for segment in segments)
                assert not re.search(r"\d…$", text), (width, text)


async def test_the_cursor_stays_on_its_node() -> None:
    outline = Outline(TREE)
    app = Host(outline, notes=(Outline.Highlighted,))
    async with app.run_test(size=(30, 8)) as pilot:
        assert outline.move_to_key("c")
        await settle(pilot)
        app.heard(Outline.Highlighted)
        outline.set_nodes([Node("n", "New"), *TREE])
        await settle(pilot)
        assert outline.node is not None
        assert outline.node.key == "c"
        assert app.heard(Outline.Highlighted) == []
        outline.set_filter("beta")
        await settle(pilot)
        assert [m.key for m in app.heard(Outline.Highlighted)] == ["b"]  # type: ignore[attr-defined]
        assert outline.filter == "beta"
        assert not outline.move_to_key("c")
        outline.set_nodes([])
        assert outline.node is None
        await pilot.press("enter", "l", "h", "space")


async def test_a_new_size_that_is_painted_before_word_of_it_came_has_no_gap() -> None:
    outline = Outline([Node(key, key.upper()) for key in "abcd"])
    async with Host(outline).run_test(size=(20, 4)) as pilot:
        await settle(pilot)
        outline._top_row = 2  # as it was while two lines had room
        assert [line.strip(" ▌") for line in lines_of(outline)] == ["A", "B", "C", "D"]


async def test_hostile_labels_stay_on_their_line() -> None:
    nodes = [
        Node("a", "日本" * 90, badge="\x1b[31m" + "x" * 90),
        Node("b", "[b]x[/b]\n", detail="d" * 300),
    ]
    for width in (1, 2, 3, 5, 8, 20, 60):
        outline = Outline(nodes)
        async with Host(outline).run_test(size=(width, 4)) as pilot:
            await settle(pilot)
            lines_of(outline)


async def test_a_filter_puts_the_cursor_on_the_first_node_that_has_the_text() -> None:
    outline = Outline(TREE)
    async with Host(outline).run_test(size=(30, 8)) as pilot:
        await settle(pilot)
        outline.set_filter("asp")
        assert outline.node is not None
        assert outline.node.label == "Asp", "not Alpha, which it stands under"
        outline.set_filter("as")
        assert outline.node.label == "Asp"


async def test_what_came_while_it_was_hidden_is_shown_afterwards() -> None:
    outline = Outline([Node("a", "Alpha")])
    async with Host(outline).run_test(size=(30, 8)) as pilot:
        await settle(pilot)
        outline.display = False
        await settle(pilot)
        outline.set_nodes([Node("b", "Beta")])
        outline.display = True
        await settle(pilot)
        strips = pilot.app.screen._compositor.render_strips()
        assert "Beta" in "".join(segment.text for segment in strips[0])


async def test_nothing_is_not_said_before_it_is_known() -> None:
    outline = Outline(empty="No trackers.")
    async with Host(outline).run_test(size=(30, 8)) as pilot:
        await settle(pilot)
        assert not line_of(outline, 0).strip(), "they may still come"
        outline.set_nodes([])
        assert line_of(outline, 0).strip() == "No trackers."
