"""How each pixel scatters: offsets, widths and shapes of its read noise."""
