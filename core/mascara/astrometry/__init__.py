"""Where the stars fall on the chip, found from the frames themselves."""
