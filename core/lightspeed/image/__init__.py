"""Pictures made of captures: mean images, on-pulse minus off-pulse, point-spread functions."""
