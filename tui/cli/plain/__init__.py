"""`tockdeck open --plain`: the screens as numbered lines and prompts, one after the other.

For screen readers, terminals whose cursor cannot be moved, scripts that expect, and thin lines.
"""
