"""The office: the screen and what it is made of."""
