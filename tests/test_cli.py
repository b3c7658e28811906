"""The command as a user meets it."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from calcitype.cli import app

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample" / "reports.csv"
run = CliRunner().invoke


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sample_is_labelled_whole(tmp_path):
    result = run(app, ["classify", str(SAMPLE), "-o", str(tmp_path / "out.csv"), "--mentions", str(tmp_path / "m.csv")])
    assert result.exit_code == 0
    rows, source = read(tmp_path / "out.csv"), read(SAMPLE)
    assert [row["accession_number"] for row in rows] == [row["accession_number"] for row in source]
    assert {row["status"] for row in rows} == {"ok", "empty"}
    assert "40 reports" in result.stderr
    assert result.stdout == ""


def refusals(tmp_path):
    (tmp_path / "no_text.csv").write_text("a,b\n1,2\n")
    (tmp_path / "text.csv").write_text("text\nx\n")
    return {
        "missing file": [str(tmp_path / "missing.csv"), "-o", str(tmp_path / "out.csv")],
        "folder for a file": [str(tmp_path), "-o", str(tmp_path / "out.csv")],
        "no text column": [str(tmp_path / "no_text.csv"), "-o", str(tmp_path / "out.csv")],
        "output in no folder": [str(tmp_path / "text.csv"), "-o", str(tmp_path / "missing" / "out.csv")],
        "output is a folder": [str(tmp_path / "text.csv"), "-o", str(tmp_path)],
    }


@pytest.mark.parametrize(
    "what", ["missing file", "folder for a file", "no text column", "output in no folder", "output is a folder"]
)
def test_errors_are_one_line_and_exit_code_2(tmp_path, what):
    result = run(app, ["classify", *refusals(tmp_path)[what]])
    assert result.exit_code == 2
    assert result.stderr.startswith("calcitype: ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_explain_shows_the_report_the_label_and_why():
    result = run(app, ["explain", "No hydronephrosis. Bilateral pelvic phleboliths."])
    assert result.exit_code == 0
    for words in ("phleboliths", "dystrophic", "pelvic_vein", "thrombus", "log-odds"):
        assert words in result.stdout


def test_explain_reads_standard_input_and_shows_no_escape_sequence_of_a_report():
    result = run(app, ["explain", "-"], input="Calcified \x1b[31mgranuloma\x07 in the lung.")
    assert result.exit_code == 0
    assert "\x1b[31m" not in result.stdout
    assert "\x07" not in result.stdout


@pytest.mark.parametrize("arguments", [["-"], [b"Calcified granulom\xe9.".decode("utf-8", "surrogateescape")]])
def test_explain_reads_what_is_no_utf8(arguments):
    result = run(app, ["explain", *arguments], input=b"Calcified granulom\xe9.")
    assert result.exit_code == 0
    assert "Calcified" in result.stdout


def test_nothing_of_a_report_is_printed_by_classify(tmp_path):
    report = "Zebedee Quux has a calcified granuloma"
    (tmp_path / "in.csv").write_text(f"text\n{report}\n")
    result = run(app, ["classify", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv")])
    assert result.exit_code == 0
    assert "Zebedee" not in result.output


def test_the_module_runs_as_a_command():
    done = subprocess.run(
        [sys.executable, "-m", "calcitype", "explain", "Calcified fibroid."],
        capture_output=True, check=True, env={**os.environ, "PYTHONWARNINGS": "error"}, text=True,
    )  # fmt: skip
    assert "leiomyoma" in done.stdout
