"""Shapes in the hand: drawn, moved, sized and turned; their outlines."""
