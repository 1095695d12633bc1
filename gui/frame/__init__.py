"""The frame view and the panels about the picture."""
