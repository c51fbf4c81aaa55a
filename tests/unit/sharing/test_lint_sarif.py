"""Findings as a log of SARIF 2.1.0: the members that the standard requires, with the values that it allows."""

from typing import Any

from sayso.sharing.lint import sarif
from sayso.sharing.lint.finding import Finding, Smaller
from sayso.sharing.lint.linting import lint
from sayso.sharing.lint.rules import RULES
from tests.corpus.forms import labelled

LEVELS = {"none", "note", "warning", "error"}


def written(*findings: Finding, file: str = "request.jwt", **more: Any) -> Any:
    return sarif.log(findings, file, "1.2.3", **{"lines": {}, **more})


def finding(pointer: str = "", claim: str | None = None) -> Finding:
    return Finding("L03", "No retention is stated", "warning", "nothing says how long it is kept", Smaller("Say how long"), claim, pointer)


def is_log(log: Any) -> bool:
    """Check what SARIF 2.1.0 requires (sections 3.13, 3.14, 3.18, 3.19, 3.27, 3.49)."""
    assert log.keys() == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        assert driver["name"] == "sayso lint"
        ids = [rule["id"] for rule in driver["rules"]]
        assert len({*ids}) == len(ids)
        for rule in driver["rules"]:
            assert rule["shortDescription"]["text"].endswith(".")
            assert rule["fullDescription"]["text"] == rule["help"]["text"]
            assert rule["defaultConfiguration"]["level"] in LEVELS
        for result in run["results"]:
            assert ids[result["ruleIndex"]] == result["ruleId"]
            assert result["level"] in LEVELS
            assert isinstance(result["message"]["text"], str)
            for location in result["locations"]:
                assert location
                for logical in location.get("logicalLocations", ()):
                    assert logical["fullyQualifiedName"].startswith("/")
                if "physicalLocation" in location:
                    assert location["physicalLocation"]["artifactLocation"]["uri"]
                    assert location["physicalLocation"]["region"]["startLine"] >= 1
    return True


def test_every_rule_is_described() -> None:
    log = written()
    assert is_log(log)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [(rule["id"], rule["defaultConfiguration"]["level"]) for rule in rules] == [(rule.id, rule.severity) for rule in RULES]
    assert log["runs"][0]["tool"]["driver"]["semanticVersion"] == "1.2.3"
    assert log["runs"][0]["results"] == []


def test_a_finding_about_a_claim() -> None:
    (result,) = written(finding("/verifier_info/0/data/attributes/0", "email"), lines={"/verifier_info/0/data/attributes/0": 7})["runs"][0][
        "results"
    ]
    assert result == {
        "ruleId": "L03",
        "ruleIndex": 2,
        "level": "warning",
        "message": {"text": "email: nothing says how long it is kept. Say how long."},
        "locations": [
            {
                "logicalLocations": [{"fullyQualifiedName": "/verifier_info/0/data/attributes/0", "name": "email"}],
                "physicalLocation": {"artifactLocation": {"uri": "request.jwt"}, "region": {"startLine": 7}},
            }
        ],
    }


def test_a_finding_about_the_whole_of_what_has_no_file() -> None:
    (result,) = written(finding(), file="")["runs"][0]["results"]
    assert result["locations"] == []
    assert result["message"]["text"].startswith("the request: ")


def test_what_stands_in_the_file_alone() -> None:
    (result,) = written(finding("/verifier_info/0/data/attributes/0"), above="/verifier_info/0/data", lines={"/attributes/0": 3})["runs"][
        0
    ]["results"]
    (location,) = result["locations"]
    assert location["logicalLocations"] == [{"fullyQualifiedName": "/attributes/0"}]
    assert location["physicalLocation"]["region"] == {"startLine": 3}


def test_a_name_begins_no_link_and_no_placeholder_and_a_file_is_a_uri() -> None:
    (result,) = written(finding("/x", "[a](b) {0} \\ \n"), file="my file%.json")["runs"][0]["results"]
    assert result["message"]["text"].startswith("\ufffda\ufffd(b) \ufffd0\ufffd \ufffd \ufffd: ")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20file%25.json"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_the_corpus() -> None:
    corpus = [*labelled()]
    logs: list[Any] = [written(*lint(one.request, one.context)) for one in corpus]
    assert all(map(is_log, logs))
    assert sum(len(log["runs"][0]["results"]) for log in logs) == sum(len(one.faults) for one in corpus)
