"""Self-contained HTML: everything inside the file, nothing fetched, every text escaped."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

from ...wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .messages import MessageGroup

_STYLE = """
body { font: 15px/1.45 "DejaVu Sans", Verdana, sans-serif; color: #222; background: #fff;
  max-width: 68em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.2em; margin-top: 2em; border-bottom: 1px solid #999; }
h3 { font-size: 1em; margin-bottom: .3em; }
table { border-collapse: collapse; margin: .5em 0 1em; }
th, td { border: 1px solid #bbb; padding: .2em .6em; text-align: left; vertical-align: top; }
th { background: #eee; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } img { max-width: 100%; height: auto; }
tr.error td:first-child { font-weight: bold; border-left: 6px solid #a40000; }
tr.warning td:first-child { border-left: 6px double #8a6d00; }
@media print { body { font-size: 10px; margin: 0; max-width: none; }
  h2 { break-after: avoid; } img, table { break-inside: avoid; } th { background: none; } }
"""


def page(title: str, body: Iterable[str]) -> str:
    """A whole HTML file."""
    head = f'<meta charset="utf-8">\n<title>{escape(title)}</title>\n<style>{_STYLE}</style>'
    inside = "\n".join((f"<h1>{escape(title)}</h1>", *body))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n</head>\n'
        f"<body>\n{inside}\n</body>\n</html>\n"
    )


def heading(text: str, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{escape(text)}</h{level}>"


def paragraph(text: str) -> str:
    """A paragraph."""
    return f"<p>{escape(text)}</p>"


def facts_table(facts: Iterable[tuple[str, str]]) -> str:
    """Names and values side by side."""
    rows = (
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in facts
    )
    return _table("", rows)


def data_table(headings: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """Rows of numbers behind `texts` columns of words."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in headings)
    body = (
        "<tr>"
        + "".join(
            f"<td>{escape(cell)}</td>" if k < texts else f'<td class="number">{escape(cell)}</td>'
            for k, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return _table(f"<tr>{head}</tr>", body)


def messages_table(groups: Sequence[MessageGroup]) -> str:
    """Grouped warnings and errors, with their counts."""
    if not groups:
        return paragraph("No warnings and no errors.")
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("Level", "Times", "Message", "Where")
    )
    rows = (
        f'<tr class="{group.level.lower()}"><td>{group.level}</td><td class="number">{group.times}'
        f"</td><td>{escape(group.text)}</td><td>{escape(group.place)}</td></tr>"
        for group in groups
    )
    return _table(f"<tr>{head}</tr>", rows)


def messages_heading(groups: Sequence[MessageGroup]) -> str:
    """How many warnings and errors there are, in words."""
    totals = [
        counted(sum(group.times for group in groups if group.level == level), level.lower())
        for level in ("ERROR", "WARNING")
    ]
    return " and ".join(totals)


def picture(png: bytes, what: str) -> str:
    """A picture inside the page."""
    data = b64encode(png).decode("ascii")
    return f'<p><img src="data:image/png;base64,{data}" alt="{escape(what)}"></p>'


def _table(head: str, rows: Iterable[str]) -> str:
    inside = "\n".join(filter(None, (head, *rows)))
    return f'<div class="wide"><table>\n{inside}\n</table></div>'
