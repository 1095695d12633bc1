"""What a fold is taken out of the program as: files, a par file, a command, a self-check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ...engine.jobs import Job, JobContext
    from ...lightspeed.fold.files.products import Folded, Kind, ToaOptions
    from ...lightspeed.fold.request import FoldRequest
    from ...lightspeed.fold.result import FoldResult
    from ...lightspeed.fold.selfcheck import SelfCheck
    from ..workbench import Workbench


class FoldOutputs:
    """Makes things of the fold that is shown, in the background; owner thread only.

    Parameters
    ----------
    bench : Workbench
    """

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def write(
        self,
        kind: Kind,
        path: Path,
        on_done: Callable[[tuple[Path, ...]], object] | None = None,
        *,
        on_error: Callable[[NightglassError], object] | None = None,
        toas: ToaOptions | None = None,
        clobber: bool = False,
    ) -> Job[tuple[Path, ...]]:
        """Write one product; see `lightspeed.fold.files.products.write_product`.

        Raises
        ------
        NightglassError
            If nothing is folded.
        """
        request, result = self.folding()
        origin_of = self._origin(result)

        def work(ctx: JobContext) -> tuple[Path, ...]:
            from ...lightspeed.fold.files.products import write_product

            folded = origin_of(request)
            return write_product(kind, path, folded, ctx, toas=toas, clobber=clobber)

        return self._bench.engine.submit(
            work,
            title=f"Write {path.name}",
            lane="watch",
            on_result=on_done,
            on_error=on_error,
        )

    def par_text(self, on_text: Callable[[str], object]) -> None:
        """Make the par file with the edits of now.

        Raises
        ------
        NightglassError
            If nothing is folded.
        """
        request, _ = self.folding()
        settings, pivot = request.settings, request.model.instant

        def work(_: object) -> str:
            from ...timing.edits import par_text

            return par_text(
                request.ephemerides[0], settings.f0_hz, settings.f1_hz_s, settings.phase_offset,
                pivot, request.site,
            )  # fmt: skip

        self._bench.engine.submit(
            work, title="Write the par file", lane="watch", quiet=True, on_result=on_text
        )

    def command(self) -> str:
        """The `nightglass fold` line that gives the same numbers.

        Raises
        ------
        NightglassError
            If nothing is folded, or the fold is not exact yet.
        """
        from ...lightspeed.fold.files.command_line import command_of

        request, result = self.folding()
        return command_of(result, self._regions(), observatory=request.site.name)

    def self_check(self, on_done: Callable[[SelfCheck], object]) -> None:
        """Put a known pulse into the sky and see what comes out.

        Raises
        ------
        NightglassError
            If nothing is folded.
        """
        request, _ = self.folding()

        def work(_: object) -> SelfCheck:
            from ...lightspeed.fold.frames import check_on_sky

            return check_on_sky(request)

        self._bench.engine.submit(
            work, title="Check the fold on the sky", lane="watch", on_result=on_done
        )

    def folding(self) -> tuple[FoldRequest, FoldResult]:
        """What is shown, and what was folded for it.

        Raises
        ------
        NightglassError
            If nothing is folded.
        """
        fold = self._bench.fold
        if fold.request is None or fold.result is None:
            raise NightglassError(
                "Nothing is folded",
                "There is no fold yet.",
                "Open a capture, draw a region round the star and choose a par file.",
            )
        return fold.request, fold.result

    def _origin(self, result: FoldResult) -> Callable[[FoldRequest], Folded]:
        """What makes a result ready to be written; to be called by a working thread."""
        regions, command = self._regions(), ""
        try:
            command = self.command()
        except NightglassError:
            command = ""  # a par file without a place on the disk: the product has its text

        def folded(request: FoldRequest) -> Folded:
            from ...lightspeed.fold.files.products import Folded
            from ...lightspeed.fold.files.provenance import Origin
            from ...lightspeed.fold.frames import clocks_of, cube_frames

            clocks = clocks_of(request)
            origin = Origin(request.site, command, regions)
            return Folded(result, origin, clocks, lambda: cube_frames(request, clocks))

        return folded

    def _regions(self) -> str:
        """The regions that are folded, all sky and all that is cut out, as DS9 text."""
        regions = self._bench.regions
        folded = {one.ident for one in self._bench.fold.sources}
        wanted = [
            ident
            for ident, entry in regions.list.entries.items()
            if ident in folded or entry.background or not entry.include
        ]
        text = regions.text(wanted)
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("# Re")]
        return "\n".join(line for line in lines if not line.startswith("global"))
