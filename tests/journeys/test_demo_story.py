"""The demo tells what happened: change what happens, and it tells something else."""

import json
from datetime import timedelta

import pytest

from sayso import Answer, Credential, Issuer, SaysoError
from sayso.demo import anatomy, attempts, story
from sayso.demo.cast import Cast, Script, assemble
from sayso.demo.story import Line, Scene
from sayso.encodings import base64url
from sayso.testing.world import START, CountingEntropy, TurningClock


def _cast(script: Script | None = None) -> Cast:
    return assemble(script or Script(), TurningClock(), CountingEntropy())


def _card_and_answer(cast: Cast) -> tuple[Credential, Answer]:
    """Give a card of the script, and what Ada answers to the bar with it."""
    card = cast.city.issue(cast.script.claims, type="Card", holder=cast.ada.new_key(), valid_for=cast.script.valid_for)
    cast.ada.store(card)
    return card, cast.ada.present(cast.ada.plan(cast.ask(cast.script.asked)))


def _told(script: Script | None = None, cast: Cast | None = None) -> dict[str, Scene]:
    return {scene.heading: scene for scene in story.tell(cast or _cast(script))}


def _lines(scene: Scene) -> dict[str, Line]:
    return {line.what: line for line in scene.lines}


def _sizes(scene: Scene) -> list[int]:
    return [int(line.end.removesuffix(" bytes").replace(",", "")) for line in scene.lines]


def test_every_scene_holds() -> None:
    told = _told()
    assert [*told] == [
        "The city signs", "Ada holds", "The Bar asks", "What left", "What stayed", "The Bar refuses", "Over-asking", "The Bar reads"
    ]  # fmt: skip
    assert all(scene.holds for scene in told.values())


def test_the_same_world_tells_the_same_and_another_does_not() -> None:
    assert _told() == _told()
    assert _told() != _told(cast=assemble(Script(), TurningClock(), CountingEntropy(b"another")))


def test_what_the_wallet_holds_is_what_the_city_said() -> None:
    scene = _told(Script(claims={"age_over_18": False, "birthdate": "2012-12-10", "shoe_size": 36}))["Ada holds"]
    assert {line.what: json.loads(line.text) for line in scene.lines} == {
        "age_over_18": False, "birthdate": "2012-12-10", "shoe_size": 36
    }  # fmt: skip


def test_what_the_city_signs_is_what_it_signed() -> None:
    script = Script(claims={"age_over_18": True, "name": "Ada"}, type="Passport", valid_for=timedelta(days=40))
    cast = _cast(script)
    cast = cast._replace(city=Issuer(cast.bar_signer, algorithm="Ed25519", clock=cast.clock, entropy=cast.entropy))
    card = cast.city.issue(script.claims, type=script.type, holder=cast.ada.new_key(), valid_for=script.valid_for)
    assert story.signed(card).lines == (
        Line("Passport", "2 digests in place of claims, Ed25519", end=f"{len(card.data):,} bytes"),
        Line("signed by", f"{story.short(cast.city.did)}, until 2026-12-31"),
    )


def test_the_sizes_are_those_of_the_bytes() -> None:
    card, answer = _card_and_answer(_cast())
    left = story.left(answer)
    assert sum(_sizes(left)) == len(answer.data) == int(left.note.removesuffix(" bytes").replace(",", ""))
    opened = [part for part in card.text.split("~")[1:] if part and part in answer.text]
    assert _sizes(left)[0] == len(opened[0]) + 1
    assert sum(_sizes(story.held(card))) == sum(len(part) + 1 for part in card.text.split("~")[1:-1])


def test_other_bytes_around_and_in_the_binding_are_told() -> None:
    _, answer = _card_and_answer(_cast())
    shown = anatomy.presentation(answer).rpartition("~")[0]
    binding = "e30." + base64url.encode(b'{"iat": 1, "aud": "me"}') + ".AA"
    other = Answer(f'{{ "vp_token": {{ "q": ["{shown}~{binding}"] }} }}'.encode())
    lines = _lines(story.left(other))
    assert lines["Ada signs"].text == "iat aud"
    assert lines["Ada signs"].end == f"{len(binding)} bytes"
    assert sum(_sizes(story.left(other))) == len(other.data)


def test_more_claims_take_more_bytes_and_more_digests() -> None:
    few, many = _told(), _told(Script(claims={**Script().claims, "family_name": "Lovelace"}))
    assert _sizes(many["What left"])[1] > _sizes(few["What left"])[1]
    assert "3 digests" in few["What left"].lines[1].text
    assert "4 digests" in many["What left"].lines[1].text
    assert "family_name" in _lines(many["What stayed"])


def test_digests_are_counted_wherever_they_stand() -> None:
    cast = _cast(Script(claims={"age_over_18": True, "tongues": ["en", "no"], "home": {"city": "Bergen"}}))
    card = cast.city.issue(
        cast.script.claims,
        type="Card",
        holder=cast.ada.new_key(),
        valid_for=timedelta(days=1),
        disclosable=["age_over_18", ("tongues", 0), ("tongues", 1), ("home", "city")],
    )
    token, disclosures = anatomy.of_card(card)
    assert token.digests == 4
    assert [(one.name, one.value) for one in disclosures] == [("age_over_18", True), ("", "en"), ("", "no"), ("city", "Bergen")]


def test_what_is_asked_is_what_is_told() -> None:
    cast = _cast(Script(asked="given_name", verifier="The Club", purpose="Call you", benefit="A kind word", keep_for=timedelta(minutes=90)))
    told = _told(cast=cast)
    asked = _lines(told["The Club asks"])
    assert asked["given_name"].text == "Call you; in return: A kind word"
    assert asked["kept for"].text == "90 minutes, until 13:30:00"
    assert asked["signed by"].text == f"{story.short(cast.bar.did)}, new to Ada"
    assert told["What left"].lines[0][:3] == ("given_name", '"Ada"', "leaves")
    assert {*_lines(told["What stayed"])} == {"birthdate", "age_over_18"}
    assert _lines(told["The Club reads"])["13:29:59"].text == '{"given_name":"Ada"}'


def test_a_business_that_ada_knows_is_not_new_to_her() -> None:
    cast = _cast()
    _ = [*story.tell(cast)]
    assert _lines(story.asked(cast.ada.plan(cast.ask("age_over_18"))))["signed by"].text.endswith(", met before")


def test_the_share_is_read_until_its_end_and_not_at_it() -> None:
    cast = _cast()
    readings = _told(cast=cast)["The Bar reads"].lines
    assert [(line.what, line.text, line.end) for line in readings] == [
        ("12:00:00", '{"age_over_18":true}', "now"),
        ("12:59:59", '{"age_over_18":true}', "turned by 0:59:59"),
        ("13:00:00", "refused: The share has ended", "turned by 1:00:00"),
    ]
    assert cast.clock() == START + timedelta(hours=1)


def test_a_share_that_can_be_read_after_its_end_would_be_told() -> None:
    cast = _cast()
    cast.ada.store(cast.city.issue({"age_over_18": True}, type="Card", holder=cast.ada.new_key(), valid_for=timedelta(days=1)))
    request = cast.ask("age_over_18")
    share = cast.bar.accept(cast.ada.present(cast.ada.plan(request)), request)
    unturned = cast._replace(clock=TurningClock())  # the share looks at another clock than the one that is turned
    assert [line.tone for line in story.read(unturned, share).lines] == ["leaves", "leaves", "broken"]
    assert not story.read(unturned, share).holds


def test_what_left_after_all_would_be_told() -> None:
    cast = _cast()
    card = cast.city.issue({"age_over_18": True, "name": "Ada"}, type="Card", holder=cast.ada.new_key(), valid_for=timedelta(days=1))
    cast.ada.store(card)
    plan = cast.ada.plan(cast.ask("age_over_18", optional=["name"]))
    honest, leaky = story.stayed(plan, card, cast.ada.present(plan)), story.stayed(plan, card, cast.ada.present(plan.also("name")))
    assert honest.holds
    assert honest.lines[0].end.startswith("0 of ")
    assert not leaky.holds
    assert not leaky.lines[0].end.startswith("0 of ")


def test_each_trial_is_refused_where_it_should_be() -> None:
    trials = _lines(_told()["The Bar refuses"])
    assert {what: (line.where, line.text, line.tone) for what, line in trials.items()} == {
        "forged card": ("8 trust", "The issuer is not one that was named", "refused"),
        "edited card": ("3 prove", "A signature or digest does not hold", "refused"),
        "replay": ("accept", "The request was answered before", "refused"),
    }


def test_a_genuine_card_is_no_forgery() -> None:
    cast = _cast()
    told = _told(cast=cast._replace(forger=cast.city))["The Bar refuses"]
    assert told.lines[0][:4] == ("forged card", "NOT REFUSED", "broken", "")
    assert not told.holds


def test_a_first_answer_is_no_replay() -> None:
    cast = _cast()
    cast.ada.store(cast.city.issue({"age_over_18": True}, type="Card", holder=cast.ada.new_key(), valid_for=timedelta(days=1)))
    request = cast.ask("age_over_18")
    answer = cast.ada.present(cast.ada.plan(request))
    assert not attempts.replay(cast, answer, request).refused
    assert attempts.replay(cast, answer, request).refused


def test_over_asking_is_told_as_the_plan_has_it() -> None:
    over = _told()["Over-asking"].lines
    assert [(line.what, line.where, line.tone) for line in over] == [
        ("birthdate", "optional", "stays"),
        ("birthdate", "required", "leaves"),
        ("no reason", "refused", "refused"),
    ]
    assert over[0].text == "stays home, unless Ada adds it"
    assert over[1].text.startswith('"1990-12-10" would leave')


def test_asking_for_what_nobody_holds_is_told_so() -> None:
    over = _told(Script(claims={"age_over_18": True}))["Over-asking"].lines
    assert [line.text for line in over[:2]] == ["Ada has none", "Nothing that is held answers the request"]


def test_terms_with_all_their_rows_are_not_refused() -> None:
    cast = _cast()
    request = cast.ask("age_over_18", "birthdate")
    cast.ada.plan(request)
    with pytest.raises(SaysoError, match="has a row"):
        cast.ada.plan(attempts.without_last_row(request, cast.bar_signer))


def test_a_door_that_opens_is_told() -> None:
    assert attempts.attempt("walk in", "door", lambda: None) == attempts.Attempt("walk in", refused=False, where="", why="")


def test_the_clock_shows_whole_seconds() -> None:
    cast = assemble(Script(), TurningClock(START.replace(microsecond=999_999)), CountingEntropy())
    assert cast.clock() == START
