"""The phase movie in the window, built up in the background."""
