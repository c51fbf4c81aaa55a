"""A customer and a business, each in a process of its own, which hear and say nothing but lines of text.

Usage: python -m tests.journeys.apart customer|business BEGAN FORMAT [WHERE SEED]
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sayso import Custody, Grant, Ledger, LocalMasterKey, SaysoError, SeedSigner, SqlCustodyStore, SqlNonceStore, Verifier, Wallet
from sayso.sharing.statements import Returned
from sayso.testing.world import TurningClock
from tests.support import REPOSITORY

DAY = timedelta(days=1)
PURPOSE = "Serve alcohol"


class Customer:
    """Be Ada: a wallet with a ledger, and what it remembers."""

    def __init__(self, began: str, format: str) -> None:
        self.clock = TurningClock(datetime.fromisoformat(began))
        self.ends = self.clock() + 100 * DAY
        self.ledger = Ledger.generate(clock=self.clock)
        self.wallet = Wallet(clock=self.clock, ledger=self.ledger)
        self.format = format
        self.grant = Grant(b"")
        self.asked = ""

    def turn(self, days: str) -> list[str]:
        """Let time go on."""
        self.clock.turn(int(days) * DAY)
        return []

    def key(self) -> list[str]:
        """Give a key for a card to be bound to."""
        return [self.wallet.new_key()]

    def store(self, card: str) -> list[str]:
        """Keep a card."""
        return [self.wallet.store(card)]

    def share(self, request: str) -> list[str]:
        """Look at a request, choose one claim more than is needed, and share for a hundred days, in leases of thirty."""
        plan = self.wallet.plan(request).also("age_over_18")
        answer, self.grant, head = self.wallet.share(plan, until=self.ends, lease=30 * DAY, format=self.format)
        return [answer.text, self.grant.text, head]

    def receipt(self, given: str) -> list[str]:
        """Look at the receipt; it pins the history up to the grant."""
        read = self.wallet.read_receipt(given, self.grant)
        return [str(self.ledger.holds(read.business, read.head))]

    def renew(self) -> list[str]:
        """Renew the lease."""
        return [self.wallet.renew(self.grant).text]

    def erase(self, claim: str) -> list[str]:
        """Take a claim back, and ask for its erasure."""
        self.asked = self.wallet.ask_erasure(self.grant, claim).text
        return [self.asked]

    def told(self, confirmation: str, notice: str) -> list[str]:
        """Look at a confirmation that was not asked for, and where something was given back, at the notice."""
        erased = self.wallet.read_erasure(confirmation, self.grant).erased
        statements = self.wallet.read_event(notice, self.grant).statements if notice else ()
        said = [one.text for one in statements if isinstance(one, Returned)]
        return [str(claim) for one in erased for claim in one.claims] + said

    def answered(self, confirmation: str) -> list[str]:
        """Look at the answer to what was asked."""
        return [str(claim) for one in self.wallet.read_erasure(confirmation, self.grant, self.asked).erased for claim in one.claims]

    def standing(self) -> list[str]:
        """Say how the relationship stands, and what is held; the ledger holds together."""
        self.ledger.verify()
        (row,) = self.ledger.dashboard()
        return [row.state, *sorted(str(one.claim) for one in row.holdings)]


class Business:
    """Be the bar: what it remembers lies in a database."""

    def __init__(self, began: str, format: str, where: str, seed: str) -> None:
        self.clock = TurningClock(datetime.fromisoformat(began))
        self.store, self.nonces = SqlCustodyStore(where), SqlNonceStore(where)
        self.custody = Custody(self.store, LocalMasterKey(bytes.fromhex(seed)), clock=self.clock)
        self.verifier = Verifier(SeedSigner(bytes.fromhex(seed)), name="The Bar", clock=self.clock, nonces=self.nonces)
        self.format = format

    def turn(self, days: str) -> list[str]:
        """Let time go on."""
        self.clock.turn(int(days) * DAY)
        return []

    def ask(self, issuer: str) -> list[str]:
        """Ask for two claims, and for a third that is optional."""
        request = self.verifier.request(
            "birthdate",
            "given_name",
            optional=["age_over_18"],
            issuers=[issuer],
            purpose=PURPOSE,
            benefit="You get your drink",
            keep_for=60 * DAY,
        )
        return [request.text]

    def accept(self, answer: str, request: str, grant: str, head: str) -> list[str]:
        """Take what was shared into custody, and countersign."""
        share = self.verifier.accept_into(self.custody, answer, request, grant=grant)
        return [share.subject, self.verifier.receipt(grant, request, answer, head=head, format=self.format).text]

    def use(self, subject: str, *claims: str) -> list[str]:
        """Open claims of what is held of a customer."""
        (share,) = self.custody.held(subject)
        with share.use(*claims, purpose=PURPOSE, step="till") as values:
            return [json.dumps(values)]

    def follow(self, event: str) -> list[str]:
        """Do what a customer signed."""
        self.verifier.follow(self.custody, event)
        return []

    def give_back(self) -> list[str]:
        """Give back what nobody opened in forty days."""
        return [self.custody.give_back(one.share, one.claim).claims[0] for one in self.custody.unused(self.clock() - 40 * DAY)]

    def sweep(self) -> list[str]:
        """Erase what has ended."""
        return [claim for erased in self.custody.sweep() for claim in erased.claims]

    def confirm(self) -> list[str]:
        """Confirm what was erased, and say so once."""
        said: list[str] = []
        for erased in self.custody.statements():
            confirmation, notice = self.verifier.confirm(self.custody, erased, format=self.format)
            said += [confirmation.text, notice.text if notice else ""]
            self.custody.settle([erased])
        return said

    def hand_over(self, subject: str) -> list[str]:
        """Give a customer what is held of them."""
        handed: list[str] = []
        for share in self.custody.held(subject):
            with share.hand_over() as values:
                handed.append(json.dumps(values))
        return handed


class Process:
    """Hold a party in another process: each call is a line to it, and a line back."""

    def __init__(self, party: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.apart", party, *arguments],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __getattr__(self, name: str) -> Callable[..., list[str]]:
        def call(*given: str) -> list[str]:
            to, back = self._process.stdin, self._process.stdout
            assert to is not None
            assert back is not None
            to.write(json.dumps([name, *given]) + "\n")
            to.flush()
            said: list[str] = json.loads(back.readline())
            return said

        return call

    def end(self, *, kill: bool = False) -> None:
        """End it, or kill it."""
        if kill:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()


@contextmanager
def parted(party: str, *arguments: str) -> Iterator[Process]:
    """Give a party in another process."""
    process = Process(party, *arguments)
    try:
        yield process
    finally:
        process.end()


def main(arguments: list[str]) -> None:
    """Be a party: do what each line says, and answer it with a line; what is refused is answered with its problems."""
    party: Any = {"customer": Customer, "business": Business}[arguments[0]](*arguments[1:])
    for line in sys.stdin:
        name, *given = json.loads(line)
        try:
            said = getattr(party, name)(*given)
        except SaysoError as error:
            said = ["refused", *(problem.kind.url for problem in error.problems)]
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
