"""Word to the outside: what is said of by itself, once each, and the way it takes."""
