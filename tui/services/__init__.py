"""The client layer: five clients on one transport, usable as a library.

Nothing here knows of Textual, of the configuration or of what the program keeps on disk:
everything comes in as plain arguments.
"""
