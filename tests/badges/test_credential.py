"""What a certificate says as an Open Badge."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from lms.badges import digcomp, jsonld
from lms.badges.rules import BITS, Addresses, encoded, is_set
from lms.badges.verifying import check
from lms.credentials.facts import Assessment
from tests.badges.makers import FACTS, ISSUER, MOMENT, SALT, WHERE, at_hand, document, plain, statused

PORT = "https://lms.example.org:8443"


def test_it_has_the_shape_that_verifiers_take():
    made = statused(plain(), is_token=False)
    assert made["@context"] == [jsonld.V2, jsonld.OPEN_BADGES]
    assert made["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert made["id"] == "https://lms.example.org/c/42H2-PPVP-P6K9-XM8Y"
    assert made["issuer"] == {"id": ISSUER.id, "type": ["Profile"], "name": ISSUER.name, "url": ISSUER.url}
    assert made["validFrom"] == made["awardedDate"] == "2026-11-22T08:04:20Z"
    assert made["credentialStatus"]["statusListIndex"] == "42"
    assert not made.keys() & {"issuanceDate", "expirationDate", "iss", "jti", "sub", "nbf", "exp", "vc"}


@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_it_is_written_as_its_contexts_would_write_it(kind: str):
    made = statused(plain(replace(FACTS, kind=kind), email="nino@example.ge"), is_token=False)
    assert check(document(made).encode(), at_hand([]), MOMENT).state == "valid"


def test_it_ends_with_the_last_day_where_the_issuer_is():
    assert plain()["validUntil"] == "2028-11-22T21:59:59Z"
    assert "validUntil" not in plain(until=None)


def test_the_holder_is_named_by_hashes_alone():
    made = plain(email="nino@example.ge")
    by_mail, by_name = made["credentialSubject"]["identifier"]
    assert by_mail["identityType"] == "emailAddress"
    for said, identity in ((by_mail, "nino@example.ge"), (by_name, "ნინო ბერიძე")):
        digest = hashlib.sha256((identity + said["salt"]).encode()).hexdigest()
        assert said["identityHash"] == f"sha256${digest}"
        assert said["hashed"] is True
    text = json.dumps(made, ensure_ascii=False)
    assert not [word for word in ("nino@", "ნინო", "Beridze", SALT) if word in text]
    assert by_mail["salt"] != by_name["salt"]


def test_without_a_proved_address_only_the_name_is_hashed():
    (said,) = plain()["credentialSubject"]["identifier"]
    assert said["identityType"] == "name"


def test_an_organisation_is_named_openly():
    made = plain(replace(FACTS, kind="organisation", holder="Library of Gori", mandate=("Help others",)))
    (said,) = made["credentialSubject"]["identifier"]
    assert (said["hashed"], said["identityHash"]) == (False, "Library of Gori")
    assert made["credentialSubject"]["achievement"]["id"].endswith("/ka/organisation")
    assert "Help others" in made["credentialSubject"]["achievement"]["criteria"]["narrative"]


def test_results_belong_to_outcomes():
    subject = plain()["credentialSubject"]
    described = {each["id"]: each for each in subject["achievement"]["resultDescription"]}
    reached = {described[each["resultDescription"]]["name"]: each["value"] for each in subject["result"]}
    assert reached == {"Make a long password": "83.3", "Keep it": "100", "Exam": "90"}
    (exam,) = [each for each in described.values() if each["name"] == "Exam"]
    assert exam["requiredValue"] == "75"


def test_the_achievement_is_the_same_for_everybody():
    other = replace(FACTS, holder="Somebody", code="X", assessment=Assessment("exam", 0.8, 0.75), valid_until="")
    assert plain(other)["credentialSubject"]["achievement"] == plain()["credentialSubject"]["achievement"]


def test_the_criteria_say_the_workload_and_who_stands_behind_it():
    said = plain()["credentialSubject"]["achievement"]["criteria"]["narrative"]
    assert "36" in said
    assert "Library of Rīga" in said
    assert "University of Somewhere" in said
    assert "90" not in said  # what one holder reached


def test_the_criteria_name_co_issuers_and_elements_of_a_micro_credential_once():
    facts = replace(FACTS, co_issuers=("A University",), micro={"country": "LV", "level": "EQF 4"})
    said = plain(facts)["credentialSubject"]["achievement"]["criteria"]["narrative"]
    assert said.count("A University") == 1
    assert "Issued together with: A University" in said
    assert "Country of the issuer:" in said
    assert "Level of the learning: EQF 4" in said


def test_it_is_aligned_to_digcomp():
    (aligned,) = plain()["credentialSubject"]["achievement"]["alignment"]
    assert (aligned["targetCode"], aligned["targetFramework"]) == ("4.2", "DigComp 2.2")
    assert aligned["targetType"] == "ceasn:Competency"
    assert aligned["targetName"] == "Protecting personal data and privacy"


@pytest.mark.parametrize(
    ("words", "code"),
    [("DigComp 2.2 / 2.3", "2.3"), ("digcomp 2.2: 5.4", "5.4"), ("DigComp 2.2 / 3.6", ""), ("ESCO 2.2 / 2.3", "")],
)
def test_competences_are_known_by_their_codes(words: str, code: str):
    assert digcomp.competence(words) == code


def test_there_are_21_competences():
    assert len(digcomp.COMPETENCES) == 21


def test_invisible_characters_are_left_out():
    made = plain(replace(FACTS, title="A\u0000 title\twith\n lines"))
    assert made["name"] == "A title with lines"


@pytest.mark.parametrize(
    ("base", "first", "other"),
    [
        ("https://lms.example.org", "did:web:lms.example.org", "did:web:lms.example.org:issuers:riga"),
        (PORT, f"{PORT}/issuers/riga", f"{PORT}/issuers/riga"),
        ("http://localhost", "http://localhost/issuers/riga", "http://localhost/issuers/riga"),
    ],
)
def test_only_a_site_with_https_and_no_port_has_a_did(base: str, first: str, other: str):
    where = Addresses(base)
    assert where.issuer("riga", is_first=True) == first
    assert where.issuer("riga", is_first=False) == other


def test_a_status_list_is_at_least_as_long_as_the_standard_asks():
    packed = encoded([0, 7, 42, BITS - 1])
    assert packed.startswith("u")
    assert [place for place in (0, 1, 7, 8, 42, BITS - 1) if is_set(packed, place)] == [0, 7, 42, BITS - 1]
    with pytest.raises(ValueError, match="too short"):
        is_set(packed, BITS)


def test_addresses_of_lists_differ_by_form():
    assert WHERE.status_list("riga", 3, is_token=True) == WHERE.status_list("riga", 3, is_token=False) + ".jwt"


def test_prior_learning_is_said_in_the_criteria_and_measured_nowhere():
    outcomes = tuple(replace(each, share=None) for each in FACTS.outcomes)
    facts = replace(FACTS, outcomes=outcomes, basis="prior-learning", assessment=Assessment("evidence"))
    subject = statused(plain(facts), is_token=False)["credentialSubject"]
    said = subject["achievement"]["criteria"]["narrative"]
    assert "Assessment: Recognition of prior learning (evidence reviewed)" in said
    assert not [each for each in subject["achievement"]["resultDescription"] if each["id"].endswith("#assessment")]
    assert "result" not in subject
