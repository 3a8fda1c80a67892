"""What a boat's instruments say, as Igtimi's types: bytes in, readings out.

Nothing here opens a file or a socket, or asks a clock. The facts are in reference/instruments.md;
where that page marks a rule as our choice, it stands here in one constant.
"""
