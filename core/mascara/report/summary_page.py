"""The summary of a camera's night as a page and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pages import facts_table, heading, messages_heading, messages_table, page, paragraph, picture

if TYPE_CHECKING:
    from .camera_summary import Summary


def title_of(summary: Summary) -> str:
    """Headline of a summary, also the subject of its mail."""
    where = " ".join(filter(None, (summary.site, summary.camera)))
    return f"Reduction summary {summary.night} {where}".strip()


def summary_html(summary: Summary, date: str, png: bytes | None) -> str:
    """A page with everything inside."""
    body = [paragraph(date)] if date else []
    body += [
        facts_table(summary.facts()),
        heading(messages_heading(summary.messages)),
        messages_table(summary.messages),
        heading("Astrometry of the night"),
        paragraph("There is no picture.") if png is None else picture(png, "Astrometry"),
    ]
    return page(title_of(summary), body)


def summary_text(summary: Summary, date: str) -> str:
    """The same without the picture."""
    lines = [title_of(summary), *([date] if date else []), ""]
    lines += [f"{name + ':':<16}{value}" for name, value in summary.facts()]
    lines += ["", f"{messages_heading(summary.messages).capitalize()}"]
    lines += [
        f"  {group.level} {group.times}x  {group.text}  [{group.place}]"
        for group in summary.messages
    ]
    return "\n".join(lines) + "\n"
