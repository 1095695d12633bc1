"""Master darks, biases and flats, and which of them is in force."""
