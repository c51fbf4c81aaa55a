"""Draw what happened on one page: HTML that needs nothing else, runs nothing, and can be read aloud."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final, NamedTuple

from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time
from sayso.sharing.evidence.cover import Cover
from sayso.sharing.ledger import entries
from sayso.sharing.ledger.entries import Transaction
from sayso.sharing.ledger.standing import Due
from sayso.sharing.texts import printable

_SAID: Final = {
    entries.PRESENTATION: "Shared with the business",
    entries.ERASURE_REQUEST: "The customer asked for erasure",
    entries.COMPLAINT: "Reported to the authority",
    entries.GRANT: "The customer granted the use",
    entries.RECEIPT: "The business gave a receipt",
    entries.WITHDRAWAL: "The customer withdrew the permission",
    entries.ERASURE: "The business said that it erased",
    entries.RETURNED: "The business gave back the permission",
    entries.USE_REPORT: "The business told what it used",
    entries.BREACH: "The business had a breach",
}
_REFUSED: Final = {entries.PRESENTATION: "Asked for, and not shared", entries.ERASURE: "The business refused to erase"}
_OWED: Final = {
    entries.GRANT: "a receipt",
    entries.WITHDRAWAL: "an answer to the withdrawal",
    entries.ERASURE_REQUEST: "an answer about the erasure",
}

_WIDTH: Final = 720
_LEFT: Final = 40
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = "body{font-family:sans-serif;max-width:45em;margin:2em auto}li{margin:.4em 0}svg{width:100%}.late{color:#a00}"


class Happened(NamedTuple):
    """Hold one line of the page: when, what in words, and whether it is an answer that did not come."""

    at: datetime
    text: str
    late: bool = False


def lines(said: Sequence[Transaction], overdue: Sequence[Due]) -> list[Happened]:
    """Say in words what happened, and what did not, in the order of time."""
    found = [Happened(one.at, _told(one)) for one in said]
    found += [Happened(due.by, f"No answer by this day: {_OWED[due.what]} was due", late=True) for due in overdue]
    return sorted(found, key=lambda one: one.at)


def draw(cover: Cover, said: Sequence[Transaction], overdue: Sequence[Due]) -> str:
    """Write the page."""
    happened = lines(said, overdue)
    title = f"Complaint about {cover.name or cover.business}"
    about = [("Business", f"{cover.name} ({cover.business})" if cover.name else cover.business), ("Customer", cover.customer)]
    about += [("Through", cover.intermediary)] if cover.intermediary else []
    about += [("Authority", ", ".join((cover.authority, *cover.authority_contact)))] if cover.authority else []
    about += [("Alleged", cover.alleged), ("Written", format_date_time(cover.at))]
    facts = "".join(f"<dt>{_safe(name)}</dt><dd><bdi>{_safe(text)}</bdi></dd>" for name, text in about)
    listed = "".join(
        f"<li{' class=late' if one.late else ''}><time>{format_date_time(one.at)}</time> <bdi>{_safe(one.text)}</bdi></li>"
        for one in happened
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{_safe(title)}</title><style>{_STYLE}</style></head><body><h1><bdi>{_safe(title)}</bdi></h1><dl>{facts}</dl>"
        f"{_picture(happened)}<h2>What happened</h2><ol>{listed}</ol></body></html>\n"
    )


def _picture(happened: Sequence[Happened]) -> str:
    if not happened:
        return ""
    first, last = happened[0].at, happened[-1].at
    span = (last - first).total_seconds() or 1.0
    marks = "".join(
        f'<circle cx="{_LEFT + round((one.at - first).total_seconds() / span * (_WIDTH - 2 * _LEFT))}" cy="30" r="7" '
        f'fill="{"#a00" if one.late else "#036"}"/>'
        for one in happened
    )
    late = sum(one.late for one in happened)
    told = f"{len(happened)} events from {format_date_time(first)} to {format_date_time(last)}, {late} of them answers that did not come"
    return (
        f'<svg viewBox="0 0 {_WIDTH} 60" role="img" aria-label="{told}"><title>{told}</title>'
        f'<line x1="{_LEFT}" y1="30" x2="{_WIDTH - _LEFT}" y2="30" stroke="#888" stroke-width="2"/>{marks}</svg>'
    )


def _told(one: Transaction) -> str:
    words = _SAID[one.kind] if one.completed else _REFUSED.get(one.kind, _SAID[one.kind] + ", which did not come to pass")
    about: Sequence[Claim] = one.claims or one.requested
    words += f": {', '.join(map(spoken, about))}" if about else ""
    words += f", but for {', '.join(map(spoken, one.retained))}" if one.retained else ""
    words += f", until {format_date_time(one.until)}" if one.until else ""
    words += f", answer due by {format_date_time(one.answer_by)}" if one.answer_by else ""
    return words + (f" ({one.reason})" if one.reason else "")


def _safe(text: str) -> str:
    return escape(printable(text))
