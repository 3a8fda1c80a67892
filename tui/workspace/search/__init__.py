"""One search over what was read of all five services."""

RECORDS = object()
"""In place of an answer: what the mirror keeps. It is read there, a part at a time, in its turn."""
