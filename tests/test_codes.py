"""The codes of sites and causes: what a coder can check against the vocabularies."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from calcitype import lexicon
from calcitype.results import Mention
from calcitype.schema import Cause, Site

CODES = {rule.id: rule.codes for rule in lexicon.load().code}
FORMS = {
    "HP": r"HP:\d{7}",
    "ICD-10-CM": r"ICD-10-CM:[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?",
    "RadLex": r"RadLex:RID\d+",
}


def test_codes_belong_to_a_site_or_a_cause() -> None:
    assert CODES.keys() <= {*Site, *Cause}


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, codes in CODES.items() for code in codes])
def test_a_code_has_the_form_of_its_vocabulary(name: str, code: str) -> None:
    assert re.fullmatch(FORMS[code.split(":")[0]], code), name


def test_no_code_twice_in_an_entry() -> None:
    assert [name for name, codes in CODES.items() if len({*codes}) < len(codes) or not codes] == []


@pytest.mark.parametrize(
    ("name", "code", "label"),
    [
        ("coronary", "HP:0001717", "Coronary artery calcification"),
        ("coronary", "ICD-10-CM:I25.84", "Coronary atherosclerosis due to calcified coronary lesion"),
        ("pericardium", "ICD-10-CM:I31.1", "Chronic constrictive pericarditis: pericardial calcification"),
        ("lung", "ICD-10-CM:J98.4", "Other disorders of lung: calcification of lung"),
        ("basal_ganglia", "ICD-10-CM:G23.8", "Other degenerative diseases of basal ganglia: calcification of them"),
        ("breast", "ICD-10-CM:R92.1", "Mammographic calcification found on diagnostic imaging of breast"),
        ("vessel", "HP:0004934", "Vascular calcification"),
        ("vessel", "RadLex:RID34253", "vascular calcification"),
        ("unspecified", "RadLex:RID5196", "calcification"),
        ("calcinosis_cutis", "HP:0025520", "Calcinosis cutis"),
        ("calcinosis_cutis", "ICD-10-CM:L94.2", "Calcinosis cutis"),
        ("crystal_deposition", "HP:0000934", "Chondrocalcinosis"),
        ("crystal_deposition", "RadLex:RID5398", "chondrocalcinosis"),
        ("nephrocalcinosis", "HP:0000121", "Nephrocalcinosis"),
        ("nephrocalcinosis", "ICD-10-CM:E83.59", "Other disorders of calcium metabolism, by N20 Excludes1"),
        ("metastatic_unspecified", "ICD-10-CM:E83.59", "Other disorders of calcium metabolism, by M24.1 Excludes2"),
        ("other_dystrophic", "RadLex:RID34246", "dystrophic calcification"),
        ("hyperparathyroidism", "ICD-10-CM:E21.3", "Hyperparathyroidism, unspecified"),
        ("hypercalcaemia", "ICD-10-CM:E83.52", "Hypercalcemia"),
        ("renal_failure", "HP:0000083", "Renal insufficiency"),
        ("pseudoxanthoma_elasticum", "ICD-10-CM:E83.824", "ABCC6 deficiency causing pseudoxanthoma elasticum"),
    ],
)
def test_codes_that_must_be_there(name: str, code: str, label: str) -> None:
    assert code in CODES[name], label


@pytest.mark.parametrize(
    "name",
    [
        "heart_valve",
        "airway",
        "pharynx_larynx",
        "bladder_ureter",
        "fetus_placenta",
        "tendon",
        "bursa",
        "pleura",
        "orbit",
    ],
)
def test_no_code_stands_for_a_whole_of_which_it_is_a_part(name: str) -> None:
    assert name not in CODES


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Calcified coronary arteries.", {"HP:0001717", "ICD-10-CM:I25.84", "RadLex:RID50146"}),
        ("Bilateral medullary nephrocalcinosis.", {"HP:0000121", "ICD-10-CM:E83.59"}),
        ("Chondrocalcinosis of the left knee.", {"HP:0000934", "RadLex:RID5398"}),
        ("Calcified granuloma in the spleen.", {"HP:6000381"}),
        ("Primary hyperparathyroidism. Lung calcification.", {"ICD-10-CM:J98.4", "HP:0000843", "ICD-10-CM:E21.3"}),
        ("Mitral annular calcification.", set()),
        ("Calcification is seen.", {"RadLex:RID5196"}),
    ],
)
def test_a_mention_has_the_codes_of_its_site_and_cause(
    only: Callable[[str], Mention], text: str, codes: set[str]
) -> None:
    assert {*only(text).codes} == codes
