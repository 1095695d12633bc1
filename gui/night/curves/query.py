"""What is searched for in the list of stars, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ....core.mascara.browsing.stars import StarFilter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ....core.mascara.browsing.stars import NightStars


@dataclass(frozen=True)
class StarQuery:
    """Which stars are listed, in which order.

    Attributes
    ----------
    text : str
        As it was typed.
    filter : StarFilter
    column : str
        Key of the column that orders them; empty for the best first.
    is_descending : bool
    """

    text: str = ""
    filter: StarFilter = field(default_factory=StarFilter)
    column: str = ""
    is_descending: bool = False


@dataclass(frozen=True, eq=False)
class FoundStars:
    """What was found.

    Attributes
    ----------
    query : StarQuery
    stars : NightStars
    rows : ndarray of int, shape (n,)
        Places among the stars, in the order of the list.
    explanation : str
        How the text was understood, or why it was not.
    """

    query: StarQuery
    stars: NightStars
    rows: NDArray[np.integer[Any]]
    explanation: str = ""
