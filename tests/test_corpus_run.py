"""A corpus run is partitioned, resumable, and keeps every report exactly once, whoever is killed."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from corpus_reader import lines
from killing import in_child
from sijill.cli.run import run as command
from sijill.corpus import plan as planning
from sijill.corpus.plan import CorpusError, plan
from sijill.corpus.run import Progress, run
from test_capture_warc import record

READ = "claims_builder:read"


def corpus(folder: Path, files: int = 4, each: int = 6, **more: str) -> Path:
    """Files of JSON lines; the last line of each is the first of the next."""
    folder.mkdir()
    for n in range(files):
        told = lines(each, n * (each - 1))
        rows = [json.dumps({"id": f"{n}-{k}", "text": text, **more}, ensure_ascii=False) for k, text in enumerate(told)]
        (folder / f"{n}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def output(out: Path) -> dict[str, str]:
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_copies_within_a_part_are_counted_too(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "in", files=1)
    file = folder / "0.jsonl"
    file.write_text(file.read_text(encoding="utf-8") * 3, encoding="utf-8")
    done = run(folder, tmp_path / "out", read=READ)
    assert (done.reports, done.duplicates, done.bad) == (6, 12, 0)


def test_every_content_is_kept_once_and_the_manifest_tells_it(tmp_path: Path) -> None:
    told: list[Progress] = []
    done = run(corpus(tmp_path / "in"), tmp_path / "out", read=READ, tell=told.append)
    assert (done.reports, done.claims, done.duplicates, done.bad) == (21, 21, 3, 0)
    reports = pq.read_table(tmp_path / "out" / "reports")
    assert reports.num_rows == 21 and len(set(reports["id"].to_pylist())) == 21
    claims = pq.read_table(tmp_path / "out" / "claims").to_pylist()
    assert {claim["report"] for claim in claims} == set(reports["id"].to_pylist())
    assert claims[0]["killed_low"] == 1 and json.loads(claims[0]["claim"])["id"] == claims[0]["id"]
    for name, digest in done.files.items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
    assert told[-1].parts == told[-1].of == told[-1].written == 4 and told[-1].seconds_left == 0
    assert [each.written for each in told] == [0, 0, 0, 0, 1, 2, 3, 4]
    assert not (tmp_path / "out" / "work").exists()


def test_cores_cluster_and_one_process_give_the_same_files(tmp_path: Path) -> None:
    source = corpus(tmp_path / "in")
    run(source, tmp_path / "one", read=READ)
    run(source, tmp_path / "two", read=READ, jobs=2)
    assert output(tmp_path / "one") == output(tmp_path / "two")
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None)
    with cluster:
        run(source, tmp_path / "three", read=READ, scheduler=cluster.scheduler_address)
    assert output(tmp_path / "one") == output(tmp_path / "three")


def test_a_killed_driver_goes_on_to_the_same_files(tmp_path: Path) -> None:
    source = corpus(tmp_path / "in", files=6, each=20)
    run(source, tmp_path / "whole", read="corpus_reader:slow")
    script = f"from pathlib import Path; from sijill.corpus.run import run; run(Path({str(source)!r}), Path({str(tmp_path / 'cut')!r}), read='corpus_reader:slow')"  # noqa: E501
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    for _ in range(2):
        driver = subprocess.Popen([sys.executable, "-c", script], env=environment)
        work = tmp_path / "cut" / "work"
        before = len(list(work.glob("part-*.json"))) if work.is_dir() else 0
        until = time.monotonic() + 30
        while time.monotonic() < until and len(list(work.glob("part-*.json"))) <= before:
            time.sleep(0.005)
        driver.send_signal(signal.SIGKILL)
        driver.wait()
    done = len(list(work.glob("part-*.json")))
    assert 2 <= done < 6 and not (tmp_path / "cut" / "manifest.json").exists()
    told: list[Progress] = []
    run(source, tmp_path / "cut", read="corpus_reader:slow", tell=told.append)
    assert output(tmp_path / "cut") == output(tmp_path / "whole")
    assert told[-1].reports < 120  # what was done before was not read again


def test_a_killed_worker_takes_nothing_with_it(tmp_path: Path) -> None:
    source = corpus(tmp_path / "in", url=str(tmp_path / "mark"))
    run(source, tmp_path / "whole", read=READ)
    run(source, tmp_path / "hurt", read="corpus_reader:deadly", jobs=2)
    assert (tmp_path / "mark").exists()
    assert output(tmp_path / "hurt") == output(tmp_path / "whole")


@pytest.mark.parametrize("limit", [0, 3_000, 6_000])
def test_a_full_disk_is_told_and_the_next_run_goes_on(tmp_path: Path, limit: int) -> None:
    source = corpus(tmp_path / "in", each=30)
    run(source, tmp_path / "whole", read=READ)

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            run(source, tmp_path / "cut", read=READ)
        except CorpusError as error:
            os._exit(7 if "cannot be written" in str(error) else 8)

    _, status = os.waitpid(in_child(full), 0)
    assert os.WEXITSTATUS(status) == 7
    assert list((tmp_path / "cut").rglob(".*")) == []
    run(source, tmp_path / "cut", read=READ)
    assert output(tmp_path / "cut") == output(tmp_path / "whole")


def test_bad_records_go_aside_with_reasons(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    rows = [json.dumps({"text": text}) for text in lines(5)]
    source.write_text("\n".join([*rows, "{broken", '{"id": "no text"}', "[]"]), encoding="utf-8")
    done = run(source, tmp_path / "out", read="corpus_reader:raising")
    bad = [json.loads(line) for line in (tmp_path / "out" / "bad" / "part-000000.jsonl").read_text().splitlines()]
    assert done.reports == 4 and done.bad == len(bad) == 4
    assert "ZeroDivisionError" in bad[0]["reason"] and "neither" in bad[2]["reason"]


def test_parts_of_a_file_hold_each_line_and_row_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "BYTES", 1000)
    monkeypatch.setattr(planning, "ROWS", 3)
    told = lines(20)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text("".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in told))
    pq.write_table(pa.table({"text": lines(20, 20)}), folder / "b.parquet", row_group_size=7)
    with gzip.open(folder / "c.jsonl.gz", "wt") as file:
        file.writelines(json.dumps({"text": text}) + "\n" for text in lines(20, 40))
    assert len(plan(folder, "r").parts) > 15
    done = run(folder, tmp_path / "out", read=READ)
    assert (done.reports, done.duplicates, done.bad) == (60, 0, 0)


def test_a_large_web_archive_is_read_in_parts_and_damage_costs_one_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [
        gzip.compress(record(n, f"قُتل {n} مدنيين في غارة جوية على سراقب يوم 4 آذار 2018، بحسب الدفاع المدني."))
        for n in range(3, 40)
    ]
    made[20] = made[20][:30] + b"damaged" + made[20][37:]
    made.append(
        gzip.compress(record(50, "Three people were killed on Monday in the town, the police said in a statement."))
    )
    (tmp_path / "a.warc.gz").write_bytes(b"".join(made))
    whole = run(tmp_path / "a.warc.gz", tmp_path / "whole")
    monkeypatch.setattr(planning, "WARC_BYTES", 2_000)
    done = run(tmp_path / "a.warc.gz", tmp_path / "cut")
    assert len(whole.plan.parts) == 1 and len(done.plan.parts) > 5
    assert (done.reports, done.claims, done.bad) == (whole.reports, whole.claims, whole.bad) == (37, 36, 1)
    assert done.not_arabic == 1 and done.languages == {"ar": 36, "en": 1}
    for name in ("reports", "claims"):
        one, other = (pq.read_table(tmp_path / out / name).to_pylist() for out in ("whole", "cut"))
        assert one == other


def test_an_address_in_the_place_of_a_path_is_told_in_a_line(tmp_path: Path) -> None:
    for paths in (["s3://bucket/news", str(tmp_path / "out")], [str(corpus(tmp_path / "in")), "gs://bucket/out"]):
        told = CliRunner().invoke(command, paths)
        assert isinstance(told.exception, CorpusError) and "no path: copy the files" in str(told.exception)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def test_pages_of_a_web_archive_are_read(tmp_path: Path) -> None:
    body = (
        "<html><body><article><p>قُتل ثلاثة مدنيين في غارة جوية على سراقب يوم 4 آذار 2018.</p></article></body></html>"
    )
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/a\r\n"
    head += "WARC-Date: 2018-03-05T00:00:00Z\r\n"
    head += "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    (tmp_path / "a.warc").write_bytes(head.encode() + http + b"\r\n\r\n")
    done = run(tmp_path / "a.warc", tmp_path / "out")
    assert done.reports == 1 and done.claims >= 1
    assert pq.read_table(tmp_path / "out" / "reports")["url"].to_pylist() == ["https://news.example/a"]


def test_a_file_that_breaks_off_is_a_bad_record_and_stops_nothing(tmp_path: Path) -> None:
    source = corpus(tmp_path / "in", files=1)
    told = "".join(json.dumps({"text": text}) + "\n" for text in lines(300, 40))
    (source / "z.jsonl.gz").write_bytes(gzip.compress(told.encode())[:-400])
    (source / "a.warc.gz").write_bytes(gzip.compress(b"WARC/1.0\r\n")[:12] + b"damaged")
    (source / "y.warc").write_bytes(b"no archive")
    done = run(source, tmp_path / "out", read=READ)
    bad = [json.loads(line) for path in (tmp_path / "out" / "bad").glob("*") for line in path.read_text().splitlines()]
    assert done.reports >= 6 and {"z.jsonl.gz", "a.warc.gz"} <= {Path(row["name"]).name for row in bad}
    assert all(row["reason"] for row in bad)


def test_no_scheduler_at_an_address_is_told_in_a_line(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    told = CliRunner().invoke(command, [str(corpus(tmp_path / "in")), str(tmp_path / "out"), "--scheduler", "nonsense"])
    assert isinstance(told.exception, CorpusError) and "no Dask scheduler" in str(told.exception)


def test_another_input_or_a_used_folder_is_refused(tmp_path: Path) -> None:
    run(corpus(tmp_path / "in", files=1), tmp_path / "out", read=READ)
    with pytest.raises(CorpusError, match="another input"):
        run(corpus(tmp_path / "other", files=2), tmp_path / "out", read=READ)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "letter").touch()
    with pytest.raises(CorpusError, match="not empty"):
        run(tmp_path / "in", tmp_path / "used", read=READ)
    with pytest.raises(CorpusError, match="no reports"):
        run(tmp_path / "used", tmp_path / "new", read=READ)


def test_the_command_runs_a_corpus(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"text": "قُتل ثلاثة مدنيين في غارة جوية على مدينة سراقب يوم 4 آذار 2018."}))
    told = CliRunner().invoke(command, [str(source), str(tmp_path / "out"), "--jobs", "1"])
    assert told.exit_code == 0 and "1 reports" in told.output
