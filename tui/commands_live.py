"""The commands of Live, of its map and of its start; `tui.commands` is the registry."""

from __future__ import annotations

from tui.command import command

LIVE = [
    command("live.pause", "Pause", "space", "Hold the picture; the feed goes on.", 1),
    command("live.open", "Large", "enter", "The row large, with axes and statistics.", 2),
    command("live.track", "Map", "m", "The fleet on a map in the place of the wall.", 2),
    command("live.startline", "Start", "S", "The start: countdown, line, who is over.", 4),
    command("live.ladder", "Ladder", "f", "Who leads by how much along the wind."),
    command("live.compare", "Compare", "c", "Two to four boats in one chart."),
    command(
        "live.event",
        "Mark",
        "a",
        "Mark this moment, in the recording and the session's log.",
        danger=True,
    ),
    command("live.watch", "Watch", "w", "Devices live, a session, or a recording.", 3),
    command("live.devices", "Devices", "d", "Choose the devices.", 4),
    command("live.types", "Types", "t", "Choose what of them is shown.", 5),
    command("live.record", "Record", "r", "Record what arrives, or end the recording.", 6),
    command("live.export", "Export", "E", "Write what is kept or replayed to a file."),
    command("live.zoom_in", "Closer", "plus equals_sign", "Show a shorter time.", 7),
    command("live.zoom_out", "Longer", "minus", "Show a longer time.", 8),
    command("live.scale", "Scale", "s", "One scale a type, one a row, or a fixed one.", 9),
    command("live.group", "Group", "b", "Group rows by device or by type."),
    command("live.order", "Order", "o", "Order by name, value or age."),
    command("live.unit", "Unit", "v", "Speeds in knots, m/s or km/h."),
    command("live.smooth", "Smooth", "e", "Smooth the graphs, or no longer."),
    command("live.derived", "Derived", "F", "Show what is reckoned, such as VMG, or hide it."),
    command(
        "live.limits",
        "Limits",
        "x",
        "What rings: values by type, silent boats; and the fixed scale.",
    ),
    command("live.presets", "Presets", "p", "Keep this arrangement by name, or take one."),
    command("live.left", "Cursor left", "left h", "Read all rows at an earlier time."),
    command("live.right", "Cursor right", "right l", "Read all rows at a later time."),
    command(
        "live.back",
        "Back",
        "left_square_bracket",
        "Scroll back; a large row fetches more.",
    ),
    command("live.forth", "Forth", "right_square_bracket", "Scroll forward, up to now."),
    command("live.now", "Now", "z escape", "Back to the wall and to the present."),
    command("live.health", "Health", "i", "How fresh every device is, what was dropped."),
    command("live.retry", "Reconnect", "R", "Try to connect again at once."),
    command("live.unfocused", "Keep drawing", "K", "Draw on while another pane has the focus."),
    command("live.slower", "Slower", "comma", "Replay at half the speed."),
    command("live.faster", "Faster", "full_stop", "Replay at double the speed."),
    command("live.step", "Step", "n", "Replay up to the next thing that happened."),
    command("live.jump", "Jump", "T", "Replay from a time."),
    command("live.loop", "Loop", "L", "Replay from the start again at the end."),
]

TRACK = [
    command("track.follow", "Follow", "enter", "Keep the chosen boat in the middle.", 1),
    command("track.next", "Boat", "b", "Choose the next boat.", 2),
    command("track.previous", "Boat before", "B", "Choose the previous boat."),
    command("track.measure", "Measure", "o", "Measure to the next boat or mark.", 3),
    command("track.measure_back", "Measure before", "O", "Measure to the one before."),
    command("track.fit", "All", "0 home", "Show everybody.", 4),
    command("track.zoom_in", "Closer", "plus equals_sign", "Come closer.", 5),
    command("track.zoom_out", "Wider", "minus", "Show more of the water.", 6),
    command("track.trail", "Trails", "t", "Longer trails, then none.", 7),
    command("track.west", "West", "left h", "Move the map west; or drag it."),
    command("track.east", "East", "right l", "Move the map east."),
    command("track.north", "North", "up k", "Move the map north."),
    command("track.south", "South", "down j", "Move the map south."),
]

START = [
    command("startline.gun", "Gun", "enter", "Set the gun, or take it away.", 1),
    command("startline.sync", "Sync", "y", "Move the gun to the nearest whole minute from now.", 2),
    command("startline.earlier", "Minute less", "minus", "The gun a minute earlier.", 3),
    command("startline.later", "Minute more", "plus equals_sign", "The gun a minute later.", 4),
    command("startline.up", "Up", "up k", "The boats above."),
    command("startline.down", "Down", "down j", "The boats below."),
]
