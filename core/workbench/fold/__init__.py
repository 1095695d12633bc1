"""The fold of the regions in the window, kept up to date in the background."""
