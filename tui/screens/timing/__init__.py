"""What starts, stops and adds time, for every screen that shows the timer."""
