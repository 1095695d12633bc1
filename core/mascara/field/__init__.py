"""What lies on the chip of a camera: its frames as a capture, stars, residuals, masks, Moon."""
