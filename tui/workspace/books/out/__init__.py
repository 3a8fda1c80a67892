"""Tables out: rows as files that other programs read, and as text to be pasted."""
