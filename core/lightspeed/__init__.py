"""The LightSpeed camera: captures, cubes, times, accounting, live follow, calibration."""
