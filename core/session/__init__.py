"""The state of the window: what is shown and how, owned by one thread."""
