"""Times of arrival, read back by PINT."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.fold.files.products import ToaOptions, write_product
from nightglass.core.lightspeed.fold.files.toa_places import GEOCENTRE, moved, place_near
from nightglass.core.lightspeed.fold.files.toas import times_of_arrival
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.timing.offline import contained, prepare, use_kernel
from nightglass.core.timing.pulse.template import Template
from nightglass.core.timing.sites import Site, find_site

from .pulsar import PAR, PULSE_AT, PULSE_WIDTH, START, Night, ephemeris, folded, several

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed.fold.files.products import Folded

LCO = find_site("Las Campanas Observatory")
K = np.arange(1, 16)
# The pulse that was put in, with its peak at phase zero.
TRUE = Template.of(np.exp(-2.0 * (np.pi * K * PULSE_WIDTH) ** 2).astype(complex))


def pint_reads(
    path: Path, site: Site | None = None, solution: Any = None
) -> tuple[Any, np.ndarray]:
    """Times of arrival and their phases in turns, -0.5 to 0.5."""
    prepare()
    from pint.models import get_model
    from pint.observatory import Observatory
    from pint.observatory.topo_obs import TopoObs
    from pint.toa import get_TOAs

    with contained():
        use_kernel("de421")
        if site is not None and "lco" not in Observatory.names():
            # Without a network the code is not looked up in astropy's registry.
            TopoObs("lco", itrf_xyz=list(site.itrf_m), apply_gps2utc=False)
        model = get_model(io.StringIO(PAR)) if solution is None else solution.model
        planets = bool(model.PLANET_SHAPIRO.value)
        toas = get_TOAs(str(path), ephem="DE421", include_bipm=False, planets=planets)
        phase = model.phase(toas, abs_phase=solution is None or solution.absolute)
    fraction = np.asarray(phase.frac.value, float)
    return toas, fraction - np.round(fraction)


def written(tmp_path: Path, made: Folded, **options: Any) -> Path:
    (path,) = write_product("toas", tmp_path / "a.tim", made, toas=ToaOptions(**options))
    return path


def assert_at(phases: np.ndarray, errors: np.ndarray, truth: float) -> None:
    away = phases - truth
    away -= np.round(away)
    assert (np.abs(away) < 4.0 * errors).all()
    assert errors.max() < 0.02


@pytest.mark.parametrize("place", [None, GEOCENTRE], ids=["near", "geocentre"])
def test_pint_finds_the_phase_that_was_put_in(tmp_path: Path, place: Any) -> None:
    path = written(tmp_path, folded(), template=TRUE, place=place)
    toas, phases = pint_reads(path, site=LCO)
    assert len(toas) == 1
    assert toas.table["obs"][0] == ("geocenter" if place else "lco")
    assert np.isinf(toas.table["freq"][0])
    frequency_hz = folded().clocks[0].frequency_hz
    errors = np.asarray(toas.table["error"], float) * 1e-6 * frequency_hz
    assert_at(phases, errors, PULSE_AT)
    (toa,) = times_of_arrival(folded().result, folded().clocks, template=TRUE, place=place)
    # What the file holds is good to its last digit, a nanosecond.
    away = phases - toa.phase_shift
    np.testing.assert_allclose(away - np.round(away), 0.0, atol=1e-9 * frequency_hz)
    assert errors[0] == pytest.approx(toa.error_s * frequency_hz, rel=1e-3)


@pytest.mark.parametrize("name", ["crab", "saxj1808", "vela"])
def test_real_par_files_too(tmp_path: Path, shared: Path, name: str) -> None:
    text = (shared / "data" / "par" / f"{name}.par").read_text(encoding="utf-8")
    night = Night(pars=(text,), rate_e=3.0, pulsed_e=40.0)
    made, solution = folded(night), ephemeris(text)
    path = written(tmp_path, made, template=TRUE)
    toas, phases = pint_reads(path, site=LCO, solution=solution)
    assert len(toas) == 1
    (toa,) = times_of_arrival(made.result, made.clocks, template=TRUE)
    away = phases - toa.phase_shift
    # PINT reads MJDs to a third of a nanosecond.
    np.testing.assert_allclose(away - np.round(away), 0.0, atol=2e-9 * made.clocks[0].frequency_hz)
    assert abs(toa.phase_shift - PULSE_AT) < 5.0 * toa.error_s * made.clocks[0].frequency_hz


def test_its_own_template_arrives_at_phase_zero(tmp_path: Path) -> None:
    toas, phases = pint_reads(written(tmp_path, folded()), site=LCO)
    assert abs(phases[0]) < 1e-3
    flags = toas.table["flags"][0]
    assert (flags["psr"], flags["reg"]) == ("J0534+2200", "crab")
    assert float(flags["tobs"]) == pytest.approx(4999 * 0.0019, rel=1e-6)


def test_every_few_rows_have_their_own_time(tmp_path: Path) -> None:
    made = folded()
    rows = made.result.folds[0].raster.edges_s.size - 1
    toas, phases = pint_reads(written(tmp_path, made, template=TRUE, rows=8), site=LCO)
    assert len(toas) == -(-rows // 8)
    days = np.asarray(toas.table["mjd_float"], float)
    # The last one has fewer rows.
    np.testing.assert_allclose(np.diff(days)[:-1] * 86400, 2.0, atol=0.1)
    errors = np.asarray(toas.table["error"], float) * 1e-6 * made.clocks[0].frequency_hz
    away = phases - PULSE_AT
    assert (np.abs(away - np.round(away)) < 5.0 * errors).all()


@pytest.mark.parametrize(
    ("settings", "truth"),
    [
        ({"phase_offset": 0.4}, PULSE_AT),
        ({"timing_offset_s": 0.002}, PULSE_AT - 0.002 * 29.9469),
        ({"stamp": "end"}, PULSE_AT + 0.5 * 0.0019 * 29.9469),
        # Bins follow the edited frequency, arrival times what is there.
        ({"f0_hz": 29.94696}, PULSE_AT),
    ],
)
def test_settings_of_the_fold_reach_the_times_as_they_should(
    tmp_path: Path, settings: dict[str, Any], truth: float
) -> None:
    plain, made = folded(), folded(Night(settings=FoldSettings(n_bins=32, **settings)))
    _, phases = pint_reads(written(tmp_path, made, template=TRUE), site=LCO)
    (toa,) = times_of_arrival(plain.result, plain.clocks, template=TRUE)
    # The same light: the noise is the same too, but for the bins it falls into.
    expected = truth + toa.phase_shift - PULSE_AT
    away = phases - expected
    np.testing.assert_allclose(away - np.round(away), 0.0, atol=2e-3)


@pytest.mark.parametrize("name", ["La Silla", "Paranal", "Las Campanas Observatory", "Palomar"])
def test_a_moved_time_is_the_same_turn(name: str) -> None:
    made = folded(Night(site=find_site(name)))
    (toa,) = times_of_arrival(made.result, made.clocks, template=TRUE)
    assert abs(toa.moved_s) < 2e-5
    assert abs(moved(made.clocks[0], START, GEOCENTRE)) < 0.0213


def test_a_place_far_from_all_known_ones_is_told_for_the_centre_of_the_earth() -> None:
    assert place_near(find_site()).code == "lco"
    assert place_near(find_site("Magellan Baade")).code == "lco"
    assert place_near(find_site("La Palma")).code == "lap"
    assert place_near(Site("at home", 6378137.0, 0.0, 0.0)) is GEOCENTRE


def test_pint_knows_every_code_where_we_know_it() -> None:
    prepare()
    from pint.observatory import get_observatory

    with contained():
        assert type(get_observatory(GEOCENTRE.code)).__name__ == "GeocenterObs"
        location = get_observatory("lap").location.geocentric
    known = place_near(find_site("La Palma")).site.itrf_m
    np.testing.assert_allclose([part.to_value("m") for part in location], known, atol=0.1)


def test_several_pulsars_are_several_files(tmp_path: Path) -> None:
    made = folded(several())
    paths = write_product("toas", tmp_path / "a.tim", made, toas=ToaOptions(template=TRUE))
    text = paths[0].read_text(encoding="utf-8")
    assert text.startswith("FORMAT 1\n# ")
    assert "# PARFILE J0534+2200: /data/par/crab.par\n" in text
    lines = [line for line in text.splitlines()[1:] if not line.startswith("#")]
    assert [line.split()[8] for line in lines] == ["crab", "star_b"]


def test_where_no_pulse_is_there_is_no_time(tmp_path: Path) -> None:
    made = folded(Night(pulsed_e=0.0))
    with pytest.raises(NightglassError, match="No time of arrival"):
        write_product("toas", tmp_path / "a.tim", made)
    with pytest.raises(NightglassError, match="3 times its error"):
        write_product("toas", tmp_path / "a.tim", made, toas=ToaOptions(template=TRUE))
    assert list(tmp_path.iterdir()) == []
