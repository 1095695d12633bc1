"""Camera models: direction in the local sky to pixel and back."""
