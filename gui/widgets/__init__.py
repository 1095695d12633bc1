"""Small widgets used all over the window."""
