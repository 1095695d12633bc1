"""From raw counts to electrons: every frame of a capture, block by block, cosmic rays masked."""
