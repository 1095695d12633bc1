"""What a window or a script sees of a night: its state now, its history, and what is wrong."""
