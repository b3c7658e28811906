"""What the corpora are held to: no text twice, and second annotations of reports that are there."""

import pytest

from agreement import SECOND, agreement
from calcitype.results import Mention
from calcitype.schema import Assertion, Cause, Mechanism, Site
from corpus import CORPORA, GENERATED, annotated_reports
from near_duplicates import alike

NODE = "A calcified node of 12 mm is seen at the right hilum and there is no effusion."


@pytest.mark.parametrize(
    ("other", "files", "pairs"),
    [
        (NODE.replace("12", "9").upper(), ("fresh/f1", "gold/a1"), 1),
        (NODE, ("fresh/f1", "fresh/f1"), 0),
        (NODE, ("generated/s1", "generated/s2"), 0),
        (NODE, ("generated/s1", "gold/a1"), 1),
        ("The heart is normal in size and the lungs are clear.", ("fresh/f1", "gold/a1"), 0),
    ],
)
def test_what_is_alike(other, files, pairs):
    assert len(list(alike([NODE, other], files))) == pairs


def test_no_report_written_by_hand_is_nearly_the_text_of_another_file():
    files, reports = zip(*annotated_reports(*CORPORA, GENERATED), strict=True)
    assert not list(alike([report["text"] for report in reports], files))


def test_second_annotations_are_of_mentions_in_reports_that_are_there():
    texts = {report["id"]: report["text"] for _, report in annotated_reports(*CORPORA)}
    for _, report in annotated_reports(SECOND):
        for mention in report["mentions"]:
            assert texts[report["id"]][mention["start"] : mention["end"]].strip()


def mention(start, assertion=Assertion.PRESENT, site=Site.LUNG):
    return Mention(start, start + 5, "xxxxx", assertion, site, (site,), None, Mechanism.DYSTROPHIC, Cause.GRANULOMA)


def test_agreement_is_of_pairs_and_of_attributes_of_those_that_count():
    first = [mention(0), mention(10), mention(20, Assertion.ABSENT), mention(30)]
    second = [mention(1), mention(10, site=Site.LIVER), mention(20, Assertion.ABSENT)]
    found = {what: (n, share) for what, n, share, _ in agreement([(first, second)])}
    assert found["mentions found (F1)"] == (3, pytest.approx(6 / 7))
    assert found["assertion"] == (3, 1.0)
    assert found["site"] == (2, 0.5)
    assert found["label"] == (1, 1.0)
