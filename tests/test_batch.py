"""A CSV in, a labelled CSV out: every row answered, in order, its columns as they were."""

import csv
import os
import resource

import pandas as pd
import pytest

from calcitype import batch, load
from calcitype.columns import find_text_columns, join
from calcitype.errors import InputError
from calcitype.rows import COLUMNS

PHLEBOLITH = "Bilateral pelvic phleboliths."
NORMAL = "Clear lungs."


def write(path, rows, **options):
    with path.open("w", encoding=options.pop("encoding", "utf-8"), newline="") as file:
        csv.writer(file, **options).writerows(rows)
    return path


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_columns_stay_as_they_were_and_ours_follow(tmp_path):
    rows = [
        ["id", "report_text", "note"],
        ["0007", PHLEBOLITH, "NA"],
        ["0008", 'He said "no calcification".\nUnchanged, 3,5 cm', ""],
        ["0009", "", "null"],
    ]
    source = write(tmp_path / "in.csv", rows)
    summary = batch.classify_csv(source, tmp_path / "out.csv")
    out = read(tmp_path / "out.csv")
    assert [[row[name] for name in rows[0]] for row in out] == rows[1:]
    assert list(out[0]) == [*rows[0], *COLUMNS]
    assert [row["calcitype_label"] for row in out] == ["dystrophic", "no_calcification", "no_calcification"]
    assert [row["status"] for row in out] == ["ok", "ok", "empty"]
    assert out[0]["calcitype_sites"] == "pelvic_vein"
    assert out[0]["calcitype_causes"] == "thrombus"
    assert summary.rows == 3
    assert summary.columns == ("report_text",)


def test_line_ends_of_other_systems_within_a_field_stay_in_it(tmp_path):
    text = "FINDINGS: Calcified granuloma.\rIMPRESSION: No acute disease."
    source = write(tmp_path / "in.csv", [["id", "text"], ["1", text], ["2", NORMAL]])
    batch.classify_csv(source, tmp_path / "out.csv", mentions=tmp_path / "mentions.csv")
    assert [row["text"] for row in read(tmp_path / "out.csv")] == [text, NORMAL]
    assert pd.read_csv(tmp_path / "out.csv")["text"].tolist() == [text, NORMAL]
    assert b"\r\n" not in (tmp_path / "out.csv").read_bytes()


def test_a_name_of_the_mention_file_is_no_id_column(tmp_path):
    source = write(tmp_path / "in.csv", [["text", "site"], [PHLEBOLITH, "ward 3"]])
    with pytest.raises(InputError, match="already has a column 'site'"):
        batch.classify_csv(source, tmp_path / "out.csv", mentions=tmp_path / "m.csv", id_columns=["site"])


def test_a_column_is_read_once(tmp_path):
    source = write(tmp_path / "in.csv", [["text"], [PHLEBOLITH]])
    with pytest.raises(InputError, match="column 'text' is named twice"):
        batch.classify_csv(source, tmp_path / "out.csv", text_columns=["text", "text"])


@pytest.mark.parametrize("names", [("narrative", "impression"), ("report_findings", "report_impression")])
def test_a_report_in_two_columns_is_read_whole(tmp_path, names):
    source = write(tmp_path / "in.csv", [names, ["Stomach wall dense.", "Metastatic calcification, known ESRD."]])
    assert batch.classify_csv(source, tmp_path / "out.csv").columns == names
    assert read(tmp_path / "out.csv")[0]["calcitype_label"] == "metastatic_suggestive"


def test_probabilities_of_a_row_sum_to_one(tmp_path):
    batch.classify_csv(write(tmp_path / "in.csv", [["text"], [PHLEBOLITH]]), tmp_path / "out.csv")
    row = read(tmp_path / "out.csv")[0]
    assert sum(float(row[name]) for name in row if name.startswith("calcitype_p_")) == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_chunks_and_jobs_keep_the_order(tmp_path, monkeypatch, n_jobs):
    monkeypatch.setattr(batch, "BATCH_SIZE", 3)
    texts = [PHLEBOLITH if i % 3 == 0 else NORMAL for i in range(10)]
    source = write(tmp_path / "in.csv", [["n", "text"], *([str(i), text] for i, text in enumerate(texts))])
    batch.classify_csv(source, tmp_path / "out.csv", n_jobs=n_jobs)
    out = read(tmp_path / "out.csv")
    assert [row["n"] for row in out] == [str(i) for i in range(10)]
    assert [row["calcitype_label"] == "dystrophic" for row in out] == [text == PHLEBOLITH for text in texts]


def test_a_row_with_too_few_or_too_many_fields_is_an_error_row_and_stops_nothing(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text(f"id,text,other\n1,{PHLEBOLITH},x\n2,{PHLEBOLITH}\n3,{PHLEBOLITH},x,y\n4,{PHLEBOLITH},x\n")
    summary = batch.classify_csv(source, tmp_path / "out.csv")
    out = read(tmp_path / "out.csv")
    assert [row["id"] for row in out] == ["1", "2", "3", "4"]
    assert [row["other"] for row in out] == ["x", "", "x", "x"]
    assert [row["error"] for row in out] == ["", "FieldCount", "FieldCount", ""]
    assert summary.status == {"ok": 2, "error": 2}


def test_a_report_that_fails_is_an_error_row_without_its_text(tmp_path):
    class Failing:
        version = "1"

        def __init__(self, real):
            self._real = real

        def classify_batch(self, texts):
            if any("poison" in text for text in texts):
                raise RuntimeError(f"cannot read {texts}")
            return self._real.classify_batch(texts)

        def classify_report(self, text):
            return self.classify_batch([text])[0]

    source = write(tmp_path / "in.csv", [["text"], [PHLEBOLITH], ["poison"], [NORMAL]])
    batch.classify_csv(source, tmp_path / "out.csv", classifier=Failing(load()))
    out = read(tmp_path / "out.csv")
    assert [row["status"] for row in out] == ["ok", "error", "ok"]
    assert out[1]["error"] == "RuntimeError"
    assert out[1]["calcitype_label"] == ""


def test_mention_rows_point_into_the_text_column_they_stand_in(tmp_path):
    rows = [
        ["accession_number", "findings", "impression"],
        ["007", "Lungs clear.", "Calcified granuloma in the right upper lobe."],
        ["008", "No calcification.", ""],
    ]
    source = write(tmp_path / "in.csv", rows)
    batch.classify_csv(source, tmp_path / "out.csv", mentions=tmp_path / "mentions.csv")
    found = read(tmp_path / "mentions.csv")
    assert [(m["row"], m["accession_number"], m["column"]) for m in found] == [
        ("1", "007", "impression"),
        ("2", "008", "findings"),
    ]
    assert rows[1][2][int(found[0]["start"]) : int(found[0]["end"])] == "Calcified granuloma" == found[0]["text"]
    assert found[1]["assertion"] == "absent"


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (["Accession Number", "Report Text", "Modality"], ["Report Text"]),
        (["AccessionNo", "report_text"], ["report_text"]),
        (["note_id", "note_text", "note_title"], ["note_text"]),
        (["uid", "indication", "comparison", "findings", "impression"], ["indication", "findings", "impression"]),
        (["study", "impression", "findings", "last_paragraph"], ["findings", "impression"]),
        (["ID", "TEXT"], ["TEXT"]),
        (["Report Impression"], ["Report Impression"]),
        (["image1", "anonymized_report"], ["anonymized_report"]),
        (["findings", "report"], ["report"]),
    ],
)
def test_text_columns_are_known_by_the_names_met_in_practice(tmp_path, header, columns):
    assert find_text_columns(tmp_path, header, ()) == columns


def test_columns_are_joined_in_the_order_asked_for():
    text, parts = join({"a": "A", "impression": "IMPRESSION", "c": "C"}, {"a": "One.", "impression": "Two.", "c": ""})
    assert text == "A:\nOne.\n\nIMPRESSION:\nTwo."
    assert [text[part.start :].split("\n")[0] for part in parts] == ["One.", "Two."]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"", {}, "is empty"),
        (b"a,b\n1,2\n", {}, "none of the 2 columns of .* is known to hold reports"),
        (b"text\nx\n", {"text_columns": ["report"]}, "has no column 'report'"),
        (b"text\nx\n", {"id_columns": ["id"]}, "has no column 'id'"),
        (b'text\n"unclosed\n', {}, "is not readable as CSV at line"),
        (b"text\ncaf\xe9\n", {}, "is not utf-8"),
        (b"text\nx\n", {"encoding": "no-such"}, "'no-such' is no text encoding"),
        (b"text,status\nx,final\n", {}, "already has a column 'status'"),
        (b"text,text\nx,y\n", {}, "has 2 columns 'text'"),
        (b"1,John Smith: calcified\n", {}, "none of the 2 columns of [^:]*$"),
        (b"text\nx\n", {"n_jobs": 0}, "must not be 0"),
        (b"text\nx\n", {"encoding": "rot13"}, "rot13"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line_and_leaves_no_file(tmp_path, content, options, message):
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    with pytest.raises(InputError, match=message) as error:
        batch.classify_csv(source, tmp_path / "out.csv", **options)
    assert "\n" not in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_other_encodings_and_byte_order_marks_are_read(tmp_path):
    for encoding, option in (("utf-8-sig", {}), ("cp1252", {"encoding": "cp1252"})):
        source = write(
            tmp_path / "in.csv", [["text"], ["Mönckeberg calcification of the tibial arteries."]], encoding=encoding
        )
        batch.classify_csv(source, tmp_path / "out.csv", **option)
        row = read(tmp_path / "out.csv")[0]
        assert row["calcitype_causes"] == "medial_arterial"
        assert row["text"].startswith("Mönckeberg")


def test_input_output_and_mention_file_are_different_files(tmp_path):
    source = write(tmp_path / "in.csv", [["text"], [PHLEBOLITH]])
    out = tmp_path / "out.csv"
    for target, options in ((source, {}), (out, {"mentions": source}), (out, {"mentions": out})):
        with pytest.raises(InputError, match="different files"):
            batch.classify_csv(source, target, **options)
    assert source.read_bytes() == f"text\r\n{PHLEBOLITH}\r\n".encode()


def test_a_failed_run_leaves_the_older_output_alone(tmp_path):
    (tmp_path / "out.csv").write_text("older")
    source = tmp_path / "in.csv"
    source.write_bytes(b"text\n" + b"calcified\n" * 600 + b'"unclosed\n')
    with pytest.raises(InputError, match="line 602"):
        batch.classify_csv(source, tmp_path / "out.csv", mentions=tmp_path / "mentions.csv")
    assert (tmp_path / "out.csv").read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_a_blank_line_of_a_single_column_is_an_empty_report(tmp_path):
    (tmp_path / "in.csv").write_text(f"text\n{PHLEBOLITH}\n\n{NORMAL}\n")
    batch.classify_csv(tmp_path / "in.csv", tmp_path / "out.csv")
    assert [row["status"] for row in read(tmp_path / "out.csv")] == ["ok", "empty", "ok"]


def test_no_mention_runs_over_from_one_column_into_the_next(tmp_path):
    source = write(tmp_path / "in.csv", [["a", "b"], ["The node is calcified", "granuloma in the lung"]])
    options = {"text_columns": ["a", "b"], "mentions": tmp_path / "mentions.csv"}
    batch.classify_csv(source, tmp_path / "out.csv", **options)
    assert [(m["column"], m["text"]) for m in read(tmp_path / "mentions.csv")] == [("a", "calcified")]


def test_an_output_behind_a_link_is_written_and_its_permissions_are_kept(tmp_path):
    real = tmp_path / "real.csv"
    real.write_text("older")
    real.chmod(0o664)
    (tmp_path / "link.csv").symlink_to(real)
    batch.classify_csv(write(tmp_path / "in.csv", [["text"], [NORMAL]]), tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert read(real)[0]["text"] == NORMAL
    assert real.stat().st_mode & 0o777 == 0o664


def test_what_is_no_regular_file_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a regular file"):
        batch.classify_csv(write(tmp_path / "in.csv", [["text"], [NORMAL]]), tmp_path / "pipe")


def test_no_partial_file_stays_where_the_mention_file_cannot_be_written(tmp_path):
    source = write(tmp_path / "in.csv", [["text"], ["Calcified node."]])
    with pytest.raises(InputError, match=r"cannot write .*m\.csv"):
        batch.classify_csv(source, tmp_path / "out.csv", mentions=tmp_path / "missing" / "m.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_no_partial_file_stays_where_there_is_no_room(tmp_path):
    source = write(tmp_path / "in.csv", [["text"], *[["Calcified node."]] * 3])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(InputError, match=r"cannot write .*out\.csv: File too large"):
            batch.classify_csv(source, tmp_path / "out.csv")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
