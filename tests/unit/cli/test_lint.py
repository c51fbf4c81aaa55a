"""`sayso lint`: what a smaller request would leave out, for people, for programs and for code hosts, and an exit code for their builds."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sayso import ANYONE, Conditions, Process, Request, __version__
from sayso.cli.lines import lines
from sayso.errors import DIALOGUE_MAP, MALFORMED_VALUE_ERROR, PARSING_ERROR, TERMS, TERMS_MISSING
from sayso.sharing.conditions import Organisation
from tests.journeys.town import Town, payload_of, town
from tests.unit.cli.running import run
from tests.unit.sharing.test_lint_sarif import is_log

PROMISES = ("dpv:Sell", "dpv:Profiling", "ai-training")
CLEAN = Conditions(category="dpv:DirectMarketing", prohibited=PROMISES, process=Process("letter", step="subscribe"))


@pytest.fixture(scope="module")
def there() -> Town:
    return town()


def ask(there: Town, *claims: Any, conditions: Conditions = CLEAN) -> Request:
    return there.bar.request(
        *claims, issuers=ANYONE, purpose="A letter", benefit="News", keep_for=timedelta(1), if_not_shared="None", conditions=conditions
    )


def file(folder: Path, document: Any) -> str:
    name = folder / f"{len([*folder.iterdir()])}.json"
    name.write_text(document if isinstance(document, str) else json.dumps(document, indent=1), encoding="utf-8")
    return str(name)


class TestForPeople:
    def test_a_clean_request(self, there: Town) -> None:
        ran = run("lint", "-", given=ask(there, "email").data)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.splitlines() == ["nothing here was verified: it is not known who signed this request", "nothing found"]

    def test_findings(self, there: Town) -> None:
        said = CLEAN._replace(prohibited=(), category="dpv:Marketing", intermediary=Organisation("Hub"))
        ran = run("lint", "-", given=ask(there, "email", "birthdate", conditions=said).data)
        assert ran.code == 1
        assert ran.out.splitlines()[1:] == [
            "warning L01 birthdate: how old the customer is to the year or the day, and no yes or no does instead",
            "    Ask whether the customer is old enough, or let that do instead of it: age_over_18",
            "note L11 the request: the answer goes through an intermediary",
            "    Let the answer come to the business itself",
            "warning L13 the request: nothing excludes that the data is sold",
            "    Promise not to sell the data: prohibit dpv:SellDataToThirdParties",
            "warning L14 the request: nothing excludes profiling",
            "    Promise to make no profile of the customer: prohibit dpv:Profiling",
            "warning L15 the request: nothing excludes that artificial intelligence is trained with the data",
            "    Promise not to train artificial intelligence with the data: prohibit ai-training",
            "4 warnings, 1 note",
        ]

    def test_a_name_steers_no_terminal(self, there: Town) -> None:
        ran = run("lint", "-", given=ask(there, "[red]\x1b[2J birthdate").data)
        assert "warning L01 [red]\ufffd[2J birthdate: " in ran.out
        assert "\x1b" not in ran.out

    @pytest.mark.parametrize(
        ("fail_on", "codes"), [("error", (0, 0, 1)), ("warning", (0, 1, 1)), ("note", (1, 1, 1))], ids=["error", "warning", "note"]
    )
    def test_the_exit_code(self, there: Town, fail_on: str, codes: tuple[int, ...]) -> None:
        note = ask(there, "email", conditions=CLEAN._replace(intermediary=Organisation("Hub")))
        requests = [note, ask(there, "birthdate"), ask(there, "religion")]
        assert tuple(run("lint", "-", "--fail-on", fail_on, given=one.data).code for one in requests) == codes


class TestWhatItReads:
    def test_a_payload_and_a_draft_give_the_findings_of_the_signed_request(self, there: Town, tmp_path: Path) -> None:
        request = ask(there, "birthdate")
        payload = payload_of(request.text)
        draft = {name: payload[name] for name in ("dcql_query", "verifier_info")}
        texts = [run("lint", file(tmp_path, one)) for one in (request.text, payload, draft)]
        assert [one.code for one in texts] == [1, 1, 1]
        assert texts[0].out.splitlines()[1:] == texts[1].out.splitlines() == texts[2].out.splitlines()

    def test_over_the_digital_credentials_api(self, there: Town, tmp_path: Path) -> None:
        request = ask(there._replace(bar=there.world.verifier(there.bar_key, origin="https://bar.example")), "birthdate")
        for given in (file(tmp_path, request.text), file(tmp_path, payload_of(request.text))):
            assert [one["rule"] for one in run("lint", given, "--json").json["findings"]] == ["L01"]

    def test_terms_and_their_query(self, there: Town, tmp_path: Path) -> None:
        payload = payload_of(ask(there, "birthdate").text)
        terms, query = file(tmp_path, payload["verifier_info"][0]["data"]), file(tmp_path, payload["dcql_query"])
        ran = run("lint", terms, "--query", query, "--json")
        assert (ran.code, [one["rule"] for one in ran.json["findings"]]) == (1, ["L01"])

    def test_a_request_without_terms(self, there: Town, tmp_path: Path) -> None:
        payload = payload_of(ask(there, "email").text)
        del payload["verifier_info"]
        rules = [one["rule"] for one in run("lint", file(tmp_path, payload), "--json").json["findings"]]
        assert rules == ["L03", "L05", "L06", "L13", "L14", "L15", "L16"]

    def test_terms_that_do_not_match_the_query(self, there: Town, tmp_path: Path) -> None:
        payload = payload_of(ask(there, "email").text)
        ran = run("lint", file(tmp_path, {"attributes": []}), "--query", file(tmp_path, payload["dcql_query"]), "--json")
        assert (ran.code, ran.json["problems"][0]["type"]) == (1, TERMS.url)

    @pytest.mark.parametrize("given", ["", "nothing", "[]", "{", "{}", "a.b.c", '{"dcql_query": 1}'])
    def test_what_is_no_request(self, given: str) -> None:
        ran = run("lint", "-", given=given)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("refused ")

    def test_a_card(self, there: Town) -> None:
        ran = run("lint", "-", "--json", given=there.issue().data)
        assert (ran.code, ran.json["problems"][0]["type"]) == (1, PARSING_ERROR.url)
        assert TERMS_MISSING.url not in ran.out


class TestWhatIsKnownBeside:
    @staticmethod
    def step(name: str, **claims: str) -> dict[str, Any]:
        rows = [
            {"claim": spelled.split("__"), "hasNecessity": "dpv:Required", "storage": {"hasDuration": kept}}
            for spelled, kept in claims.items()
        ]
        words = {"purposeText": [{"content": "A letter"}], "benefit": "News", "storage": {"hasDuration": "P1D"}}
        return {"id": name, **words, "attributes": rows}

    @property
    def steps(self) -> dict[str, Any]:
        return {
            "id": "urn:example:map",
            "steps": [self.step("subscribe", email="PT1H", address__city="P365D"), self.step("other", shoe="P1D")],
        }

    def test_the_step_that_the_request_names(self, there: Town, tmp_path: Path) -> None:
        request = ask(there, "email", "name", ("address", "city"))
        ran = run("lint", "-", "--map", file(tmp_path, self.steps), "--json", given=request.data)
        assert [(one["rule"], one["claim"]) for one in ran.json["findings"]] == [("L07", "name"), ("L18", "email")]
        assert ran.json["verified"] is False

    def test_another_step(self, there: Town, tmp_path: Path) -> None:
        steps = file(tmp_path, self.steps)
        ran = run("lint", "-", "--map", steps, "--step", "other", "--json", given=ask(there, "email").data)
        assert [(one["rule"], one["claim"]) for one in ran.json["findings"]] == [("L07", "email")]

    @pytest.mark.parametrize("conditions", [CLEAN._replace(process=None), CLEAN._replace(process=Process("letter", "nowhere"))])
    def test_no_such_step(self, there: Town, tmp_path: Path, conditions: Conditions) -> None:
        ran = run("lint", "-", "--map", file(tmp_path, self.steps), given=ask(there, "email", conditions=conditions).data)
        assert ran.code == 2
        assert "the map has no step of that name" in " ".join(ran.err.split())

    @pytest.mark.parametrize(
        ("steps", "kind", "pointer"),
        [
            ({"id": "urn:example:map", "steps": []}, DIALOGUE_MAP, "/steps"),
            ({"id": "urn:example:map", "steps": [{"id": "subscribe", "colour": "red"}]}, DIALOGUE_MAP, "/steps/0/purposeText"),
            ([], PARSING_ERROR, ""),
        ],
        ids=["step", "retention", "map"],
    )
    def test_a_map_that_is_none(self, there: Town, tmp_path: Path, steps: Any, kind: Any, pointer: str) -> None:
        ran = run("lint", "-", "--map", file(tmp_path, steps), "--json", given=ask(there, "email").data)
        assert (ran.code, ran.json["problems"][0]["type"], ran.json["problems"][0]["pointer"]) == (1, kind.url, pointer)

    def test_what_is_registered(self, there: Town, tmp_path: Path) -> None:
        request = ask(there, "email", ("address", "city"))
        ran = run("lint", "-", "--registered", file(tmp_path, ["address"]), "--json", given=request.data)
        assert [(one["rule"], one["claim"]) for one in ran.json["findings"]] == [("L08", "email")]

    @pytest.mark.parametrize("names", [{"email": 1}, ["email", 1]], ids=["object", "number"])
    def test_a_registration_that_is_none(self, there: Town, tmp_path: Path, names: Any) -> None:
        ran = run("lint", "-", "--registered", file(tmp_path, names), "--json", given=ask(there, "email").data)
        assert (ran.code, ran.json["problems"][0]["type"]) == (1, MALFORMED_VALUE_ERROR.url)


class TestSarif:
    def test_of_a_file_with_lines(self, there: Town, tmp_path: Path) -> None:
        name = file(tmp_path, payload_of(ask(there, "email", "birthdate").text))
        ran = run("lint", name, "--sarif")
        assert (ran.code, ran.err, is_log(ran.json)) == (1, "", True)
        assert ran.json["runs"][0]["tool"]["driver"]["semanticVersion"] == __version__
        (result,) = ran.json["runs"][0]["results"]
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == name
        text = Path(name).read_text(encoding="utf-8").splitlines()
        assert text[physical["region"]["startLine"]].strip() == '"claim": "birthdate",'

    def test_of_terms_alone(self, there: Town, tmp_path: Path) -> None:
        payload = payload_of(ask(there, "birthdate").text)
        name = file(tmp_path, payload["verifier_info"][0]["data"])
        (result,) = run("lint", name, "--query", file(tmp_path, payload["dcql_query"]), "--sarif").json["runs"][0]["results"]
        assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "/attributes/0", "name": "birthdate"}]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] > 1

    def test_of_a_signed_request_and_of_standard_input(self, there: Town, tmp_path: Path) -> None:
        request = ask(there, "birthdate")
        for arguments, given in (((file(tmp_path, request.text),), None), (("-",), request.data)):
            (result,) = run("lint", *arguments, "--sarif", given=given).json["runs"][0]["results"]
            physical = result["locations"][0].get("physicalLocation")
            assert (physical is None) == (given is not None)
            assert physical is None or physical["region"] == {"startLine": 1}

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("[]", {"": 1}),
            ("\n true", {"": 2}),
            ('{"a/b":\n{"c":[\n[],{},"x\\"]"]},\n"d":null}', {"": 1, "/a~1b": 2, "/a~1b/c": 2, "/a~1b/c/0": 3, "/a~1b/c/1": 3}),
        ],
        ids=["array", "word", "nested"],
    )
    def test_lines(self, text: str, found: dict[str, int]) -> None:
        read = lines(text)
        assert {place: line for place, line in read.items() if place in found} == found
        assert len(read) == len(found) + (2 if len(found) > 1 else 0)

    def test_lines_of_names_with_marks_and_strings_that_look_like_json(self) -> None:
        assert lines('{"a": "{,\\n",\n"b": [1,\n2]}') == {"": 1, "/a": 1, "/b": 2, "/b/0": 2, "/b/1": 3}


class TestWrongUse:
    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("--fail-on", "fatal"), "--fail-on is error, warning, note"),
            (("--sarif", "--json"), "say --sarif or --json, not both"),
            (("--map", "nowhere.json"), "nowhere.json"),
        ],
        ids=["fail-on", "both", "no file"],
    )
    def test_it_is_told(self, there: Town, arguments: tuple[str, ...], says: str) -> None:
        ran = run("lint", "-", *arguments, given=ask(there, "email").data)
        assert (ran.code, ran.out) == (2, "")
        assert says in " ".join(ran.err.replace("│", "").split())
