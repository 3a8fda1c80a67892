"""TimeTonic: books with messages, events, files and smart tables.

Source: seed document "TimeTonic API for version 6.49q/6.49"; reference page, TimeTonic.
"""

from __future__ import annotations

from tui.services.timetonic.account import AccountOperations
from tui.services.timetonic.books import BookOperations
from tui.services.timetonic.comments import CommentOperations
from tui.services.timetonic.files import FileOperations
from tui.services.timetonic.rows import RowOperations
from tui.services.timetonic.tables import TableOperations
from tui.services.timetonic.tokens import TokenOperations
from tui.services.timetonic.values import ValueOperations


class TimeTonic(
    AccountOperations,
    BookOperations,
    TableOperations,
    ValueOperations,
    RowOperations,
    CommentOperations,
    TokenOperations,
    FileOperations,
):
    """The client of one account: every HTTP request of the service, one method each."""
