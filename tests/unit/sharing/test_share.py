"""A share gives its values until it ends, through `use` and `read` only, and shows them nowhere else."""

import copy
import json
import logging
import operator
import pickle
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from sayso.errors import PURPOSE_NOT_GRANTED, SHARE_ENDED, ProblemType, SaysoError
from sayso.sharing.share import Phase, Share
from sayso.testing.world import START, TurningClock

HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
VALUES: Any = {"family_name": "Lovelace-qzxw", "address": {"city": ["Oslo-qzxw"]}}


def share(clock: Callable[[], Any] | None = None, *, once: bool = False) -> Share:
    phases = [Phase(START + HOUR, VALUES)]
    return Share(phases, names=("family_name", "address"), purpose="Deliver", clock=clock or TurningClock(), after_use=[] if once else None)


def refusal(read: Callable[[], object]) -> ProblemType:
    with pytest.raises(SaysoError) as refused:
        read()
    return refused.value.problems[0].kind


class TestReading:
    def test_what_was_shared_nested_as_it_was(self) -> None:
        assert share().read() == VALUES

    def test_for_its_purpose(self) -> None:
        held = share()
        with held.use(purpose="Deliver") as claims:
            assert claims == VALUES

    def test_for_no_other(self) -> None:
        held = share()
        for purpose in ("Advertise", "", "deliver", None):
            assert refusal(held.use(purpose=purpose).__enter__) is PURPOSE_NOT_GRANTED  # type: ignore[arg-type]
        assert held.uses == 0

    def test_each_reader_has_a_copy(self) -> None:
        held = share()
        held.read().clear()
        address: Any = held.read()["address"]
        address["city"].append("Bergen")
        assert held.read() == VALUES

    def test_what_was_sealed_is_a_copy(self) -> None:
        values: Any = {"a": [1]}
        held = Share([Phase(START + HOUR, values)], names=("a",), purpose="p", clock=TurningClock())
        values["a"].append(2)
        assert held.read() == {"a": [1]}

    def test_uses_are_counted_and_refusals_are_not(self) -> None:
        clock = TurningClock()
        held = share(clock)
        held.read()
        with held.use(purpose="Deliver"):
            assert held.uses == 2
        clock.turn(HOUR)
        refusal(held.read)
        assert held.uses == 2

    def test_what_it_says_about_itself(self) -> None:
        held = share()
        assert (held.ends, held.purpose, held.names, held.uses, held.ended) == (
            START + HOUR,
            "Deliver",
            ("family_name", "address"),
            0,
            False,
        )


class TestTheEnd:
    def test_to_the_microsecond(self) -> None:
        clock = TurningClock()
        held = share(clock)
        clock.turn(HOUR - TICK)
        assert held.read() == VALUES
        assert not held.ended
        clock.turn(TICK)
        assert refusal(held.read) is SHARE_ENDED
        assert refusal(held.use(purpose="Deliver").__enter__) is SHARE_ENDED
        assert held.ended

    def test_it_ends_for_a_wrong_purpose_too(self) -> None:
        clock = TurningClock()
        held = share(clock)
        clock.turn(HOUR)
        assert refusal(held.use(purpose="Advertise").__enter__) is SHARE_ENDED

    def test_a_clock_that_is_turned_back_opens_nothing(self) -> None:
        clock = TurningClock()
        looked_at, read = share(clock), share(clock)
        clock.turn(2 * HOUR)
        assert looked_at.ended
        assert refusal(read.read) is SHARE_ENDED
        clock.set(START)
        for held in (looked_at, read):
            assert held.ended
            assert refusal(held.read) is SHARE_ENDED

    def test_a_use_that_began_in_time_may_finish(self) -> None:
        clock = TurningClock()
        with share(clock).use(purpose="Deliver") as claims:
            clock.turn(HOUR)
            assert claims == VALUES

    def test_once_only(self) -> None:
        held = share(once=True)
        assert held.read() == VALUES
        assert held.ended
        assert refusal(held.read) is SHARE_ENDED
        assert held.uses == 1

    def test_once_only_is_not_spent_by_a_refusal(self) -> None:
        held = share(once=True)
        assert refusal(held.use(purpose="Advertise").__enter__) is PURPOSE_NOT_GRANTED
        assert held.read() == VALUES

    def test_of_many_threads_one_reads_what_may_be_read_once(self) -> None:
        held = share(once=True)

        def reads(_: int) -> bool:
            try:
                held.read()
            except SaysoError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(reads, range(100))) == 1

    def test_uses_are_counted_between_threads(self) -> None:
        held = share()
        with ThreadPoolExecutor(8) as pool:
            assert all(value == VALUES for value in pool.map(lambda _: held.read(), range(100)))
        assert held.uses == 100


def public(held: Share) -> list[object]:
    """List what anybody finds who looks at every attribute without an underscore in front."""
    found: list[object] = []
    for name in dir(held):
        if not name.startswith("_") and name != "read":
            value = getattr(held, name)
            found.append(value if not callable(value) else repr(value))
    return found


class TestNothingShows:
    def test_in_texts(self) -> None:
        for held in (share(), share(once=True)):
            old = "%s %r" % (held, held)  # noqa: UP031 - the old way is one of the ways
            inside = repr([held, {"a": held}])
            texts = [repr(held), str(held), format(held), ascii(held), f"{held!r:>100} {held}", old, inside, repr(public(held))]
            texts.append(repr(held.__getstate__()))
            assert not any("qzxw" in text for text in texts)

    def test_it_says_what_and_until_when(self) -> None:
        assert repr(share()) == "<Share of family_name, address until 2026-11-20T13:00:00+00:00>"

    def test_in_logs(self, caplog: pytest.LogCaptureFixture) -> None:
        logging.getLogger("bar").warning("got %s and %r", share(), {"share": share()})
        assert "Share of family_name" in caplog.text
        assert "qzxw" not in caplog.text

    def test_there_is_no_dict(self) -> None:
        with pytest.raises(TypeError):
            vars(share())

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, json.dumps])
    def test_it_is_not_copied_or_written_down(self, duplicate: Callable[[Share], object]) -> None:
        with pytest.raises(TypeError) as refused:
            duplicate(share())
        assert "qzxw" not in str(refused.value)

    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    def test_it_is_not_pickled(self, protocol: int) -> None:
        with pytest.raises(TypeError, match="a share is not copied or pickled"):
            pickle.dumps(share(), protocol)

    @pytest.mark.parametrize("compare", [operator.eq, operator.ne, operator.contains])
    def test_shares_are_not_compared(self, compare: Callable[[Any, Any], bool]) -> None:
        one, two = share(), share()
        with pytest.raises(TypeError, match="shares are not compared"):
            compare([one] if compare is operator.contains else one, two)

    def test_it_equals_itself_and_nothing_else(self) -> None:
        held = share()
        assert held == held
        assert held != VALUES
        assert held != 5

    def test_it_has_no_order(self) -> None:
        with pytest.raises(TypeError) as refused:
            sorted([share(), share()])  # type: ignore[type-var]
        assert "qzxw" not in str(refused.value)

    def test_nobody_turns_its_end(self) -> None:
        held: Any = share()
        for name in ("ends", "purpose", "names", "uses", "ended"):
            with pytest.raises(AttributeError):
                setattr(held, name, START + 9 * HOUR)

    def test_in_tracebacks_of_the_library_with_all_that_its_frames_hold(self) -> None:
        clock = TurningClock()
        held, spent = share(clock), share(clock, once=True)
        spent.read()

        def enter_for_another_purpose() -> object:
            return held.use(purpose="Advertise").__enter__()

        def written(read: Callable[[], object]) -> str:
            try:
                read()
            except (SaysoError, TypeError) as error:
                return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
            pytest.fail("it was not refused")

        texts = [written(enter_for_another_purpose), written(spent.read), written(lambda: pickle.dumps(held))]
        clock.turn(HOUR)
        texts += [written(held.read), written(enter_for_another_purpose), written(held.use(purpose="Deliver").__enter__)]
        assert all("self = <Share of" in text or "pickled" in text for text in texts)
        assert not any("qzxw" in text for text in texts)

    def test_in_tracebacks_of_a_reader_that_fails_once_the_share_is_over(self) -> None:
        clock = TurningClock()
        held = share(clock)
        try:
            with held.use(purpose="Deliver"):
                clock.turn(HOUR)
                msg = "the reader stumbles"
                raise KeyError(msg)
        except KeyError as error:
            frames = traceback.TracebackException.from_exception(error, capture_locals=True).stack
            inside = [frame for frame in frames if "sayso" in frame.filename]
            assert not any("qzxw" in str(frame.locals) for frame in inside)


class TestWhatIsAvailable:
    def test_each_claim_until_its_end(self) -> None:
        clock = TurningClock()
        phases = [Phase(START + HOUR, {"a": 1, "b": 2}, ("a", "b")), Phase(START + 2 * HOUR, {"b": 2}, ("b",))]
        held = Share(phases, names=("a", "b"), purpose="p", clock=clock)
        assert held.available == {"a": START + HOUR, "b": START + 2 * HOUR}
        clock.turn(HOUR)
        assert held.available == {"b": START + 2 * HOUR}
        clock.turn(HOUR)
        assert held.available == {}
        assert held.uses == 0

    def test_what_is_not_kept_until_it_was_read(self) -> None:
        phases = [Phase(START + HOUR, {"a": 1}, ("a",))]
        held = Share(phases, names=("a",), purpose="p", clock=TurningClock(), after_use=[])
        assert held.available == {"a": START + HOUR}
        held.read()
        assert held.available == {}
