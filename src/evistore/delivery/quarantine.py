"""What was kept but not taken in: looked at, taken in after all, or dropped."""

from __future__ import annotations

from evistore.delivery import ingest
from evistore.delivery.ingest import Mode, Receipt
from evistore.delivery.wire import decode_text
from evistore.kernel.database import Transaction
from evistore.kernel.quarantine import Entry, Message, Quarantine
from evistore.kernel.statements import statements

SQL = statements("evistore.delivery", "quarantine")
KEPT = Quarantine(SQL, Entry, Message)

page, one, drop = KEPT.page, KEPT.one, KEPT.drop


def replay(tx: Transaction, number: int, *, mode: Mode = "mark") -> Receipt:
    """Try to take the message in again; it is settled as replayed when it is stored now, or known already.

    Raises:
        NotFound: there is none.
        Rejected: ``quarantine-settled``, it is not open any more.
    """
    message = KEPT.opened(tx, number)
    receipt = ingest.accept(
        tx, [decode_text(message.content, judged=mode != "off")], origin=f"quarantine:{number}", mode=mode
    )[0]
    if receipt.outcome in ("stored", "duplicate"):
        KEPT.settle(tx, number, "replayed")
    return receipt
