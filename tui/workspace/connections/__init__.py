"""The five clients: which are set up, where they are, and as whom."""
