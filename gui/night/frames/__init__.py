"""Frames of a night in the frame view, with what is known of the field laid over."""
