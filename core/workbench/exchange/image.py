"""The image that goes to another program: what is shown, and where its pixels lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from ...errors import NightglassError
from ..stand_in import on_screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...exchange.ds9_words import Ds9System, Shown
    from ...lightspeed.image.star_region import ImageSky
    from ...regions.systems import Plane, Surroundings
    from ...session.view import View
    from ..desk import OpenCapture
    from ..painter import FrameResult
    from ..workbench import Workbench

    Place = tuple[float, float]
    SkyFrame = Literal["fk5", "icrs"]

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.+-]+")
_TAN = ("RA---TAN", "DEC--TAN")


@dataclass(frozen=True, eq=False)
class Outgoing:
    """An image on its way; made by the owner thread, read by a working one.

    Attributes
    ----------
    name : str
        File name that tells capture, frame and stack.
    shape : (rows, columns)
    surroundings : Surroundings
    values : callable
        Gives the image, shape (rows, columns).
    """

    name: str
    shape: tuple[int, int]
    surroundings: Surroundings
    values: Callable[[], NDArray[Any]]

    def cards(self) -> dict[str, object]:
        """Where the pixels lie, as header cards."""
        return place_cards(self.surroundings)


def outgoing(bench: Workbench) -> Outgoing:
    """The picture shown with its calibration, stack and reference, but not its colours.

    Raises
    ------
    NightglassError
        If no frame is shown.
    """
    view = bench.session.view
    capture = bench.desk.require(view.capture)
    if not capture.captured:
        raise NightglassError("No frame", f"{capture.source.name} has no frame yet.", "Wait.")
    result, (source, frame) = bench.pictures.shown.get("main"), on_screen(capture, view.frame)
    if result is not None and _shows(result, capture, frame):
        values = result.calibrated
    else:
        values = lambda: source.read(frame)  # noqa: E731
    name = f"{capture.source.name}_{_what(capture, view, frame)}.fits"
    return Outgoing(
        _NOT_IN_A_NAME.sub("_", name), source.shape, bench.regions.surroundings(), values
    )


def _shows(result: FrameResult, capture: OpenCapture, frame: int) -> bool:
    is_of_it = (result.capture, result.frame) == (capture.key, frame)
    return is_of_it and result.stand_in is capture.stand_in


def _what(capture: OpenCapture, view: View, frame: int) -> str:
    """Frame and stack, or what is shown in place of it, as part of a name."""
    if capture.stand_in is not None:
        return capture.stand_in.label.slug
    stack = f"_{view.stack.method}{view.stack.frames}" if view.stack.frames > 1 else ""
    return f"frame{frame + 1}{stack}"


def place_cards(surroundings: Surroundings) -> dict[str, object]:
    """Header cards of a projection and of the sensor.

    Physical coordinates are sensor pixels counted from 1 (IRAF's image = LTM x physical + LTV),
    unless the file brought such cards itself.
    """
    return {**_sensor_cards(surroundings), **_sky_cards(surroundings)}


def _sensor_cards(surroundings: Surroundings) -> dict[str, object]:
    names = ("LTM1_1", "LTM1_2", "LTM2_1", "LTM2_2", "LTV1", "LTV2")
    told = {name: surroundings.cards[name] for name in names if name in surroundings.cards}
    if told:
        return told
    plane = surroundings.plane("detector", "detector")
    (zero_x, zero_y), (one_x, one_y) = plane.place(0.0, 0.0), plane.place(1.0, 1.0)
    return {
        "LTM1_1": one_x - zero_x,
        "LTM2_2": one_y - zero_y,
        "LTV1": zero_x,
        "LTV2": zero_y,
    }


def _sky_cards(surroundings: Surroundings) -> dict[str, object]:
    from ...lightspeed.pointing import Pointing

    sky = surroundings.sky
    if sky is None:
        return {}
    if not isinstance(sky, Pointing):
        # An image brought its own projection.
        return dict(cast("ImageSky", sky).wcs.to_header(relax=True))
    (xx, xy), (yx, yy) = sky.cd_matrix().tolist()
    return {
        "CTYPE1": _TAN[0], "CTYPE2": _TAN[1],
        "CRVAL1": sky.ra_deg, "CRVAL2": sky.dec_deg,
        "CRPIX1": sky.centre_px[0] + 1.0, "CRPIX2": sky.centre_px[1] + 1.0,
        "CD1_1": xx, "CD1_2": xy, "CD2_1": yx, "CD2_2": yy,
        "CUNIT1": "deg", "CUNIT2": "deg", "RADESYS": sky.frame.upper(),
        **({} if sky.frame == "icrs" else {"EQUINOX": sky.equinox}),
    }  # fmt: skip


def sky_at(surroundings: Surroundings, place: Place, frame: SkyFrame) -> Place:
    """Right ascension and declination, degrees, of a 0-based image position.

    Raises
    ------
    NightglassError
        If the frame does not know its place on the sky.
    """
    return _plane(surroundings, frame).place_of(place[0] + 1.0, place[1] + 1.0)


def pixel_at(surroundings: Surroundings, ra_deg: float, dec_deg: float, frame: SkyFrame) -> Place:
    """0-based image position of a place on the sky.

    Raises
    ------
    NightglassError
        If the frame does not know its place on the sky.
    """
    x, y = _plane(surroundings, frame).place(ra_deg, dec_deg)
    return x - 1.0, y - 1.0


def _plane(surroundings: Surroundings, frame: SkyFrame) -> Plane:
    if surroundings.sky is None:
        raise NightglassError(
            "No place on the sky",
            "The frame shown does not know where it lies on the sky.",
            "Use a capture whose header tells where the telescope pointed.",
        )
    return surroundings.plane(frame)


def common_system(shown: Shown, image: Outgoing, sent: frozenset[str]) -> Ds9System:
    """In which coordinates a place means the same in DS9 and here.

    Image pixels for an image that went from here; the sky where both know it; image pixels again
    for a frame of the same size, which may well be the same file.

    Raises
    ------
    NightglassError
        If there are none.
    """
    if shown.shape is None:
        raise NightglassError(
            "DS9 shows no image", "The current frame of DS9 is empty.", "Send the image first."
        )
    is_same_size = shown.shape == image.shape
    if is_same_size and shown.file in sent:
        return "image"
    if shown.has_sky and image.surroundings.sky is not None:
        return "fk5"
    if is_same_size:
        return "image"
    rows, columns = shown.shape
    raise NightglassError(
        "DS9 shows another image",
        f"DS9 shows {shown.file or 'an image'} of {columns} x {rows} pixels, which has no place "
        "on the sky in common with the frame here.",
        "Send the image first.",
    )


def in_words(system: Ds9System) -> str:
    """A coordinate system in a sentence."""
    return "sky coordinates" if system == "fk5" else f"{system} pixels"


def is_inside(place: Place, shape: tuple[int, int]) -> bool:
    """Whether a 0-based image position lies on the frame."""
    return -0.5 <= place[0] < shape[1] - 0.5 and -0.5 <= place[1] < shape[0] - 0.5


def required(place: Place | None) -> Place:
    """The place of the crosshair.

    Raises
    ------
    NightglassError
        If there is none.
    """
    if place is None:
        raise NightglassError(
            "No cursor", "The crosshair is not on the frame.", "Click where it should be."
        )
    return place
