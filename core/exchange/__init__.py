"""Talking to other programs that show images: DS9 by XPA, and every program on a SAMP hub."""
