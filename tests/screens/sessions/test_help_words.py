"""What a person types into the list of keys finds what it is called here."""

from tui.commands import COMMANDS
from tui.workspace.worded import holds


def test_the_list_of_devices_is_found_by_the_word_boat() -> None:
    lists = COMMANDS["sessions.list"]
    assert holds(f"{lists.title} {lists.help} {lists.id}", "boat")
