"""What the pixels of regions hold: sums, scatter, centroids, light above the sky."""
