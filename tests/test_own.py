"""Training and measuring on one's own labelled reports, as a user does it."""

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from calcitype import load, own
from calcitype.cli import app
from calcitype.errors import InputError
from calcitype.labelled import UnknownLabel, read_labelled

run = CliRunner().invoke

KINDS = {
    "dystrophic": [
        "Calcified granuloma, {}.",
        "Phleboliths, {}.",
        "Calcified fibroid, {}.",
        "Aortic calcification, {}.",
    ],
    "metastatic_suggestive": ["ESRD on dialysis. Calcification of the gastric wall, {}.", "Calciphylaxis, {}."],
    "indeterminate": ["Hepatic calcification, {}.", "Adrenal calcification, {}.", "Calcified meningioma, {}."],
    "no_calcification": ["No calcification, {}.", "Clear lungs, {}.", "Evaluate for calcification. Normal, {}."],
}
REPORTS = [(kind[i % len(kind)].format(f"examination {i}"), label) for label, kind in KINDS.items() for i in range(12)]


def as_csv(path, rows=REPORTS, header=("report_text", "label")):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def as_json_lines(path, rows=REPORTS):
    path.write_text("".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows))
    return path


@pytest.mark.parametrize("form", [(as_csv, "own.csv"), (as_json_lines, "own.jsonl")], ids=["CSV", "JSON lines"])
def test_a_model_of_ones_own_is_trained_measured_and_used(tmp_path, form):
    write, name = form
    source = write(tmp_path / name)
    done = run(app, ["train", str(source), "-o", str(tmp_path / "model")])
    assert done.exit_code == 0, done.output
    assert "This model, each report by one trained without it" in done.stdout
    assert "The model that ships" in done.stdout
    assert "examination" not in done.output
    assert done.stderr.startswith(f"trained on 48 reports, written to {tmp_path / 'model'}\n")
    measured = run(app, ["evaluate", str(source), "--model", str(tmp_path / "model"), "--json"])
    metrics = json.loads(measured.stdout)
    assert metrics["reports"] == len(REPORTS)
    assert metrics["accuracy"] > 0.9
    trained = load(tmp_path / "model")
    assert trained.classify_report("Calcified granuloma.").label == "dystrophic"
    assert trained.version != load().version


def test_a_file_is_labelled_by_ones_own_model(tmp_path):
    source = as_csv(tmp_path / "own.csv")
    assert run(app, ["train", str(source), "-o", str(tmp_path / "model")]).exit_code == 0
    done = run(app, ["classify", str(source), "-o", str(tmp_path / "out.csv"), "--model", str(tmp_path / "model")])
    assert done.exit_code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["calcitype_version"] for row in rows} == {load(tmp_path / "model").version}
    assert {row["calcitype_review"] for row in rows} <= {"True", "False"}


def test_training_gives_the_same_model_again(tmp_path):
    source = as_csv(tmp_path / "own.csv")
    for name in ("first", "second"):
        assert run(app, ["train", str(source), "-o", str(tmp_path / name)]).exit_code == 0
    first, second = ((tmp_path / name / "classifier.json").read_bytes() for name in ("first", "second"))
    assert first == second


def test_evaluate_shows_intervals_sets_and_review(tmp_path):
    shown = run(app, ["evaluate", str(as_csv(tmp_path / "own.csv"))])
    assert shown.exit_code == 0
    for words in ("macro-F1", "-1.000)", "in the prediction set: dystrophic", "reports for review"):
        assert words in shown.stdout


def test_a_prior_and_an_error_rate_change_what_is_measured(tmp_path):
    source = str(as_csv(tmp_path / "own.csv"))
    shares = "dystrophic=0.05,metastatic_suggestive=0.01,indeterminate=0.01,no_calcification=0.93"
    plain, moved = (
        json.loads(run(app, ["evaluate", source, "--json", *more]).stdout)
        for more in ([], ["--prior", shares, "--error-rate", "0.01"])
    )
    assert plain["log_loss"] != moved["log_loss"]
    assert plain["sets"]["mean_size"] < moved["sets"]["mean_size"]


UNKNOWN = [("Calcified node.", "maybe"), ("Calcified aorta.", ""), ("Calcified spleen.", "Dystrophic ")]


@pytest.mark.parametrize(
    ("policy", "labels", "dropped"),
    [
        (UnknownLabel.DROP, ["dystrophic"], 2),
        (UnknownLabel.INDETERMINATE, ["indeterminate", "indeterminate", "dystrophic"], 0),
    ],
)
def test_what_becomes_of_an_unknown_label(tmp_path, policy, labels, dropped):
    read = read_labelled(as_csv(tmp_path / "own.csv", UNKNOWN), unknown=policy)
    assert (list(read.labels), read.dropped) == (labels, dropped)


def test_an_unknown_label_is_refused_by_default_with_the_place_of_the_first(tmp_path):
    with pytest.raises(InputError, match=r"2 of 3 reports whose 'label' is none of .*, first in report 1"):
        read_labelled(as_csv(tmp_path / "own.csv", UNKNOWN))


def test_a_column_named_for_a_finding_is_none(tmp_path):
    source = as_csv(
        tmp_path / "own.csv", [("pain", "none seen", "no_calcification")], ("history", "calcifications", "label")
    )
    read = read_labelled(source, text_columns=["history", "calcifications"])
    assert read.texts == ("HISTORY:\npain\n\nFINDINGS:\nnone seen",)


def test_training_says_how_many_reports_it_left_out(tmp_path):
    source = as_csv(tmp_path / "own.csv", [*REPORTS, *UNKNOWN[:2]])
    done = run(app, ["train", str(source), "-o", str(tmp_path / "model"), "--unknown-labels", "drop"])
    assert done.stderr.startswith("2 reports left out")


def test_columns_are_joined_and_named(tmp_path):
    rows = [("pain", "Calcified node.", "dystrophic")]
    source = as_csv(tmp_path / "own.csv", rows, ("history", "seen", "truth"))
    read = read_labelled(source, text_columns=["history", "seen"], label_column="truth")
    assert read.texts == ("HISTORY:\npain\n\nSEEN:\nCalcified node.",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "cannot read"),
        ("", "is empty"),
        ("report_text,label\n", "holds no reports"),
        ("report_text,judgement\nx,dystrophic\n", "no column of labels"),
        ("a,label\nx,dystrophic\n", "name one with --text-column"),
        ('report_text,label\n"x,dystrophic\n', "not readable as CSV"),
        ("report_text,label\nx,y,dystrophic\n", "report 1 of"),
        ("report_text,label\nx,dystrophic\nx\n", "report 2 of"),
        ("report_text,label,label\nx,dystrophic,dystrophic\n", "2 columns 'label'"),
        ("report_text,report_text,label\nx,x,dystrophic\n", "2 columns 'report_text'"),
        ("report_text,label\ncaf\udce9,dystrophic\n", "name its --encoding"),
        ("report_text,label\nx,dystrophic\n", "training needs at least 5 different reports of each label"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(tmp_path, text, says):
    source = tmp_path / "own.csv"
    if text is not None:
        source.write_text(text, encoding="utf-8", errors="surrogateescape")
    done = run(app, ["train", str(source), "-o", str(tmp_path / "model")])
    assert (done.exit_code, done.stderr.count("\n"), done.stdout) == (2, 1, "")
    assert done.stderr.startswith("calcitype: ")
    assert says in done.stderr
    assert not (tmp_path / "model").exists()


FIRST = '{"text": "Calcified node.", "label": "dystrophic"}\n'


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("{", "line 1 of"),
        ("[1]", "line 1 of"),
        ('[["text", "x"], ["label", "dystrophic"]]', "line 1 of"),
        (FIRST + '\n"x"', "line 3 of"),
        (FIRST + "[" * 100_000, "line 2 of"),
        (FIRST + '{"text": 1, "label": "dystrophic"}', "report 2 of"),
        (FIRST + '{"text": ["x"], "label": "dystrophic"}', "report 2 of"),
        (FIRST + '{"text": "Clear."}', "first in report 2"),
        (FIRST + '{"text": "Clear.", "label": null}', "first in report 2"),
        (FIRST + '{"text": "Clear.", "label": ["dystrophic"]}', "first in report 2"),
        ('{"label": "dystrophic"}', "name one with --text-column"),
    ],
    ids=lambda value: value[:70],
)
def test_what_is_no_labelled_report_in_json_lines_is_refused_with_its_place(tmp_path, lines, says):
    (tmp_path / "own.jsonl").write_text(lines)
    with pytest.raises(InputError, match=says):
        read_labelled(tmp_path / "own.jsonl")


def test_a_key_that_is_missing_or_null_is_an_empty_part(tmp_path):
    lines = '{"findings": "Calcified node.", "impression": null, "label": "dystrophic"}', '{"impression": "Clear."}'
    (tmp_path / "own.jsonl").write_text("\n".join(lines))
    read = read_labelled(tmp_path / "own.jsonl", unknown=UnknownLabel.INDETERMINATE)
    assert read.texts == ("FINDINGS:\nCalcified node.", "IMPRESSION:\nClear.")


FINDINGS = [
    "Calcified granuloma.", "Phleboliths.", "Calcified fibroid.", "Calcific tendinitis.", "Calciphylaxis.",
    "Renal stones.", "Pineal calcification.", "Old calcified haematoma.", "Calcified meningioma.", "No calcified node.",
    "Hepatic calcification.", "Calcified pleural plaque.", "Nephrocalcinosis.", "Calcified aorta.", "Calcified bursa.",
]  # fmt: skip


@pytest.mark.parametrize("copies", [1, 5])
def test_labels_drawn_at_random_are_not_learnt(tmp_path, copies):
    """Each report is unlike the others, so a classifier could learn them by heart; none is scored by one that did."""
    rng = np.random.default_rng(0)
    rows = [(" ".join(rng.choice(FINDINGS, 5, replace=False)), label) for label in KINDS for _ in range(20)] * copies
    measured = own.train(read_labelled(as_csv(tmp_path / "own.csv", rows)), tmp_path / "model").metrics
    assert measured["accuracy"] < 0.4


def test_findings_in_too_few_reports_are_refused(tmp_path):
    rows = [*((f"Normal {i}.", label) for label in KINDS for i in range(5)), ("Calcified granuloma.", "dystrophic")]
    with pytest.raises(InputError, match="in too few reports"):
        own.train(read_labelled(as_csv(tmp_path / "own.csv", rows)), tmp_path / "model")


@pytest.mark.parametrize("name", ["own.csv", "own.jsonl"])
@pytest.mark.parametrize("encoding", ["undefined", "none such", "base64"])
def test_what_is_no_encoding_is_refused(tmp_path, name, encoding):
    (tmp_path / name).write_text(FIRST)
    with pytest.raises(InputError):
        read_labelled(tmp_path / name, encoding=encoding)


def test_training_says_which_labels_no_set_can_leave_out(tmp_path):
    done = run(app, ["train", str(as_csv(tmp_path / "few.csv")), "-o", str(tmp_path / "few")])
    assert "too few reports to rule out dystrophic, metastatic_suggestive, indeterminate, no_calcif" in done.stderr
    assert load(tmp_path / "few").classify_report("Calcified granuloma.").review_reasons == ("several_labels",)
    done = run(app, ["train", str(as_csv(tmp_path / "more.csv", REPORTS * 2)), "-o", str(tmp_path / "more")])
    assert "too few" not in done.stderr
    assert load(tmp_path / "more").classify_report("Calcified granuloma.").prediction_set == ("dystrophic",)


@pytest.mark.parametrize(
    "options",
    [
        ["--prior", "dystrophic"],
        ["--prior", "dystrophic=1"],
        ["--prior", "dystrophic=1,dystrophic=1"],
        ["--error-rate", "2"],
        ["--model", "nowhere"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("command", ["explain", "classify"])
def test_settings_that_are_none_are_refused_in_one_line(tmp_path, command, options):
    source = as_csv(tmp_path / "in.csv")
    where = ["Calcified node."] if command == "explain" else [str(source), "-o", str(tmp_path / "out.csv")]
    done = run(app, [command, *where, *options])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "out.csv").exists()


def test_five_different_reports_of_each_label_suffice(tmp_path):
    rows = [(f"{FINDINGS[i]} {label}.", label) for label in KINDS for i in range(5)]
    assert own.train(read_labelled(as_csv(tmp_path / "own.csv", rows)), tmp_path / "model").metrics["reports"] == 20
