"""Sums over regions of raw frames against numpy, and apertures that follow a star."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.cube import read_cube_header
from nightglass.core.lightspeed.region_frames import CubeFrames, SourceFrames
from nightglass.core.lightspeed.region_spots import (
    Aperture,
    Lead,
    Spot,
    holds_pixels,
    placed_mask,
)
from nightglass.core.lightspeed.region_sums import block_frames, count_spots
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.shapes import Annulus, Box, Circle, Polygon

from .writer import CubeSpec, hdus, pixels, write_cube

SHAPES = (
    Circle(9.0, 7.5, 4.0),
    Annulus(12.0, 9.0, 3.0, 6.5),
    Box(5.5, 6.0, 7.0, 4.0, 30.0),
    Polygon(((2.0, 2.0), (18.5, 3.0), (10.0, 15.0))),
    Circle(1.0, 1.0, 3.0),
    Circle(-20.0, 5.0, 2.0),
)


def sums_of(header, spots, frames=None, **more):
    every = np.arange(header.n_frames) if frames is None else np.asarray(frames)
    options = {"starts": {}, "block": 200} | more
    return count_spots(CubeFrames(header), every, spots, **options)


@pytest.mark.parametrize("cuts", [(), (Circle(9.0, 7.5, 5.0),), (Circle(30.0, 3.0, 3.0),)])
def test_mask_of_some_shapes_is_that_of_each_one(cuts):
    shape = (16, 20)
    for some in ((one,) for one in SHAPES):
        assert holds_pixels(Aperture(some, cuts), shape) == whole_mask(some, cuts).any()
    np.testing.assert_array_equal(mask_in_frame(SHAPES, cuts), whole_mask(SHAPES, cuts))


def mask_in_frame(shapes, cuts):
    placed, mask = placed_mask(Aperture(shapes, cuts), (16, 20)), np.zeros((16, 20), bool)
    window = placed.window
    mask[window.first_row : window.last_row, window.first_column : window.last_column] = (
        placed.inside
    )
    return mask


def whole_mask(shapes, cuts):
    y, x = np.mgrid[1.0:17.0, 1.0:21.0]
    nothing = np.zeros(x.shape, bool)
    held = np.any([nothing, *(shape.contains(x, y) for shape in shapes)], axis=0)
    return held & ~np.any([nothing, *(cut.contains(x, y) for cut in cuts)], axis=0)


@pytest.fixture(
    params=[
        CubeSpec(rows=16, columns=20, bundles=30),
        CubeSpec(rows=16, columns=20, bundles=7, per_bundle=4),
        CubeSpec(rows=16, columns=20, bundles=30, bitpix=8),
        CubeSpec(rows=16, columns=2500, bundles=5),
    ],
    ids=["plain", "bundled", "8 bits", "wide"],
)
def cube(request, tmp_path):
    spec = request.param
    return read_cube_header(write_cube(tmp_path, spec, 1)), pixels(spec, 1).astype(np.int64)


def test_sums_are_those_of_numpy(cube):
    header, frames = cube
    spots = [Spot(Aperture((shape,), (Circle(10.0, 8.0, 1.5),))) for shape in SHAPES]
    counts = sums_of(header, spots)
    for spot in spots[:-1]:
        cut = mask_of(spot.aperture.cuts[0], header.shape)
        mask = mask_of(spot.aperture.shapes[0], header.shape) & ~cut
        assert counts.of[spot].sums.tolist() == frames[:, mask].sum(1).tolist()
        assert set(counts.of[spot].pixels.tolist()) == {np.count_nonzero(mask)}
    assert not counts.of[spots[-1]].pixels.any()
    assert not counts.of[spots[-1]].sums.any()


def test_chosen_frames_are_those_asked_for(cube):
    header, frames = cube
    spot = Spot(Aperture((SHAPES[0],)))
    chosen = [0, 2, header.n_frames - 1]
    mask = mask_of(SHAPES[0], header.shape)
    assert sums_of(header, [spot], chosen).of[spot].sums.tolist() == [
        int(frames[frame][mask].sum()) for frame in chosen
    ]


def test_full_numbers_do_not_overflow(tmp_path):
    spec = CubeSpec(rows=300, columns=300, bundles=2)
    units = hdus(spec, 1)
    units[1].data[:] = 65535
    units.writeto(tmp_path / "crab_20251210_001500_cube001.fits")
    header = read_cube_header(tmp_path / "crab_20251210_001500_cube001.fits")
    spot = Spot(Aperture((Box(150.5, 150.5, 400.0, 400.0),)))
    assert sums_of(header, [spot]).of[spot].sums.tolist() == [300 * 300 * 65535] * 2


def test_file_cut_short_is_an_error(cube):
    header, _ = cube
    with header.path.open("r+b") as file:
        file.truncate(header.data_offset + 100)
    with pytest.raises(NightglassError, match="ends after"):
        sums_of(header, [Spot(Aperture((SHAPES[1],)))])


def test_work_ends_when_the_check_raises(cube):
    header, _ = cube

    def stop():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        sums_of(header, [Spot(Aperture((SHAPES[1],)))], check=stop)


def test_moved_mask_is_that_of_the_moved_shape():
    for shift in ((0.3, -0.7), (4.0, 2.0), (-30.0, 0.0)):
        made = placed_mask(Aperture((Circle(9.0, 7.5, 4.0),)), (16, 20), shift)
        y, x = np.mgrid[1:17, 1:21]
        wanted = Circle(9.0 + shift[0], 7.5 + shift[1], 4.0).contains(x, y)
        whole = np.zeros((16, 20), bool)
        whole[made.window.slices] = made.inside
        assert np.array_equal(whole, wanted)


class Images:
    """Images with holes."""

    shape = (16, 20)

    def __init__(self):
        self.data = np.random.default_rng(1).normal(10.0, 3.0, (4, 16, 20)).astype(np.float32)
        self.data[2, 6, 8] = np.nan

    def read(self, index, rows=None):
        return self.data[index][rows or slice(None)].copy()


def test_images_are_added_up_without_what_is_no_number():
    images, spot = Images(), Spot(Aperture((SHAPES[0],)))
    counts = count_spots(SourceFrames(images), np.arange(4), [spot], {}, 200)
    mask = mask_of(SHAPES[0], images.shape)
    wanted = np.nansum(images.data[:, mask].astype(np.float64), axis=1)
    assert counts.of[spot].sums == pytest.approx(wanted, rel=1e-12)
    assert counts.of[spot].pixels.tolist() == [
        int(np.isfinite(frame[mask]).sum()) for frame in images.data
    ]


# A star that drifts

SKY_ADU, STAR_ADU, FRAMES = 250.0, 60_000.0, 1200
DRIFT = 12.0 / FRAMES


def star_at(frame):
    """1-based place of the star."""
    return 14.2 + DRIFT * frame, 16.4 - 0.4 * DRIFT * frame


@pytest.fixture(scope="module")
def drifting(tmp_path_factory):
    """A cube with a star of known light that moves by 12 pixels."""
    spec = CubeSpec(rows=32, columns=40, bundles=FRAMES)
    y, x = np.mgrid[1:33, 1:41]
    units, rng = hdus(spec, 1), np.random.default_rng(7)
    places = np.array([star_at(frame) for frame in range(FRAMES)])
    far = (x - places[:, 0, None, None]) ** 2 + (y - places[:, 1, None, None]) ** 2
    light = np.exp(-far / (2 * 1.2**2)) * (STAR_ADU / (2 * np.pi * 1.2**2)) / 10
    units[1].data = rng.poisson(light + SKY_ADU).astype(np.uint16)
    path = tmp_path_factory.mktemp("drift") / "crab_20251210_001500_cube001.fits"
    units.writeto(path)
    return read_cube_header(path)


def light_of(header, most_px, block=200):
    source = Aperture((Circle(*star_at(0), 5.0),))
    lead = None if most_px is None else Lead(source, most_px)
    star = Spot(source, lead)
    sky = Spot(Aperture((Annulus(*star_at(0), 7.0, 9.0),)), lead)
    counts = sums_of(header, [star, sky], block=block)
    mine, its = counts.of[star], counts.of[sky]
    return mine.sums - mine.pixels * (its.sums / its.pixels), counts, lead


def test_locked_aperture_keeps_the_light_of_a_star_that_drifts(drifting):
    light, counts, lead = light_of(drifting, 4.0)
    first, last = light[:100].mean(), light[-100:].mean()
    assert last == pytest.approx(first, rel=0.02)
    assert first == pytest.approx(STAR_ADU / 10, rel=0.03)
    moved = np.subtract(star_at(FRAMES - 100), star_at(0))
    assert counts.ends[lead] == pytest.approx(tuple(moved), abs=0.3)


def test_aperture_without_a_lock_loses_it(drifting):
    light, *_ = light_of(drifting, None)
    assert light[-100:].mean() < 0.05 * light[:100].mean()


def test_star_beyond_the_greatest_shift_is_left_alone(drifting):
    light, counts, lead = light_of(drifting, 0.2)
    assert light[-100:].mean() < 0.05 * light[:100].mean()
    assert np.hypot(*counts.ends[lead]) < 1.0


def test_chain_goes_on_from_where_the_star_was(drifting):
    _, whole, lead = light_of(drifting, 4.0)
    spots = list(whole.of)
    first = sums_of(drifting, spots, np.arange(600))
    second = sums_of(drifting, spots, np.arange(600, FRAMES), starts=first.ends)
    for spot in spots:
        sums = np.concatenate([first.of[spot].sums, second.of[spot].sums])
        assert np.array_equal(sums, whole.of[spot].sums)
    assert second.ends == whole.ends
    assert lead in second.ends


def test_block_is_half_a_second_or_200_frames():
    assert block_frames(0.001) == 500
    assert block_frames(0.1) == 200
    assert block_frames(None) == 200
    assert block_frames(float("nan")) == 200
