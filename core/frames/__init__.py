"""Frames from anywhere: encodings, times, FITS files, and one way to ask for them."""
