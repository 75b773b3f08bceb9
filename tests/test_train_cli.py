"""`train.py` as a user runs it: a kill and --resume, skipping, overwriting, torchrun, bad flags."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from explorer import builds
from explorer.checkpoints import list_checkpoints, load_checkpoint
from explorer.cli import main
from explorer.data import Dataset
from explorer.errors import BadSetting
from explorer.judge import load_judge
from explorer.runs import save_state, state_path
from explorer.training import FitState, initial_state
from explorer.zoo import zoo

REPOSITORY = Path(__file__).resolve().parent.parent
# On the CPU, where the same seed promises the same weights.
FLAGS = ["--dataset", "digits", "--device", "cpu"]
TRAIN = [sys.executable, str(REPOSITORY / "train.py"), *FLAGS]


def run(arguments: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*TRAIN, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


def command_for(flags: str, folder: Path) -> str:
    """How a printed command ends that works from the repository."""
    return f"{flags} {folder / 'checkpoints'}`"


def weights(folder: Path, name: str) -> bytes:
    return (folder / "checkpoints" / "digits" / name / "model.safetensors").read_bytes()


def wait_for_state(process: subprocess.Popen, folder: Path):
    """Return when the training of vae-2d has written the state of its first epoch."""
    pause, deadline = threading.Event(), time.monotonic() + 120
    while not list((folder / "runs").glob("checkpoints/digits/vae-2d-*/beta-1.state")):
        assert process.poll() is None, "the training ended before it wrote a state"
        assert time.monotonic() < deadline, "no state within two minutes"
        pause.wait(0.005)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL: run on Linux or macOS")
def test_a_killed_training_goes_on_and_ends_at_the_same_weights(tmp_path: Path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    flags = ["--models", "vae-2d", "--epochs", "60"]
    assert run(flags, whole).returncode == 0
    assert run(["--models", "kl-2d", "--epochs", "1"], killed).returncode == 0

    process = subprocess.Popen(
        [*TRAIN, *flags], cwd=killed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_for_state(process, killed)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    # The half-trained model is nowhere to be seen; the finished one is whole.
    assert list_checkpoints(killed / "checkpoints") == ["digits/kl-2d"]
    load_checkpoint("digits/kl-2d", killed / "checkpoints")

    resumed = run([*flags, "--resume"], killed)
    assert resumed.returncode == 0, resumed.stderr
    assert weights(killed, "vae-2d") == weights(whole, "vae-2d")
    metas = [
        load_checkpoint("digits/vae-2d", f / "checkpoints").meta["history"] for f in (whole, killed)
    ]
    assert metas[0] == metas[1]
    assert not [p for p in (killed / "runs").rglob("*") if p.is_file()]  # nothing is left over


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send: run on Linux")
def test_a_second_training_is_refused_and_an_interrupt_says_how_to_go_on(tmp_path: Path):
    flags = ["--models", "vae-2d", "--epochs", "10000"]  # it never ends before it is interrupted
    process = subprocess.Popen(
        [*TRAIN, *flags],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background job ignores Ctrl-C and would hand that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for_state(process, tmp_path)
    for flag in ("--resume", "--overwrite"):  # as from another terminal
        second = run([*flags, flag], tmp_path)
        assert second.returncode == 2
        said = f"train.py: digits/vae-2d is being trained already, by process {process.pid}."
        assert second.stderr.startswith(said)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume" in errors
    assert "Traceback" not in errors


def test_finished_is_skipped_and_another_config_needs_overwrite(tmp_path: Path):
    quick = ["--models", "kl-2d", "--epochs", "1"]
    first = run(quick, tmp_path)
    assert first.returncode == 0, first.stderr
    before = weights(tmp_path, "kl-2d")
    again = run(quick, tmp_path)
    assert again.returncode == 0
    assert "skipped" in again.stdout

    other = run(["--models", "kl-2d", "--epochs", "2"], tmp_path)
    assert other.returncode == 2
    assert "train.epochs 1, now 2" in other.stderr
    assert "--overwrite" in other.stderr
    assert "Traceback" not in other.stderr
    assert weights(tmp_path, "kl-2d") == before

    replaced = run(["--models", "kl-2d", "--epochs", "2", "--overwrite"], tmp_path)
    assert replaced.returncode == 0, replaced.stderr
    assert weights(tmp_path, "kl-2d") != before


def test_a_quick_pass_leaves_the_state_of_an_interrupted_training_alone(tmp_path: Path):
    spec = zoo("digits")["vae-2d"]
    settings = builds.spec_settings(spec)
    path = state_path(tmp_path / "runs" / "checkpoints", "digits", "vae-2d", settings, "beta-1")
    save_state(path, initial_state(spec.model, 0, 1))
    quick = run(["--models", "vae-2d", "--epochs", "1"], tmp_path)
    assert quick.returncode == 0, quick.stderr
    assert path.exists()


def test_what_was_begun_is_never_dropped_unasked_and_damage_is_named(tmp_path: Path):
    flags = ["--models", "vae-2d", "--epochs", "1"]
    spec = zoo("digits")["vae-2d"]
    settings = builds.spec_settings(replace(spec, train=replace(spec.train, epochs=1)))
    path = state_path(tmp_path / "runs" / "checkpoints", "digits", "vae-2d", settings, "beta-1")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"rubbish")
    unreadable = run([*flags, "--resume"], tmp_path)
    assert unreadable.returncode == 2
    assert "its content is not what was written" in unreadable.stderr
    assert len(unreadable.stderr.splitlines()) == 1
    refused = run(flags, tmp_path)
    assert refused.returncode == 2
    assert "--resume, or start afresh with --overwrite" in refused.stderr
    assert path.exists()
    afresh = run([*flags, "--overwrite"], tmp_path)
    assert afresh.returncode == 0, afresh.stderr
    assert "All its codes are one point" in afresh.stderr
    assert not path.exists()


def test_a_judge_is_trained_the_same_again_and_measures_what_comes_after_it(tmp_path: Path):
    flags = ["--models", "kl-2d", "judge", "--epochs", "2"]  # in this order, too
    first = run(flags, tmp_path)
    assert first.returncode == 0, first.stderr
    assert "digits/judge: mistakes too many digits" in first.stderr
    assert "python -m explorer" not in first.stderr  # nothing is left to measure
    assert list_checkpoints(tmp_path / "checkpoints") == ["digits/kl-2d"]
    meta = load_checkpoint("digits/kl-2d", tmp_path / "checkpoints").meta
    measured = {"continuity", "completeness", "information"}
    assert set(meta["measures"]) == measured | {"judge", "samples", "version"}
    assert meta["measures"]["judge"] == load_judge("digits", tmp_path / "checkpoints").fingerprint
    assert (
        "digits/judge is finished" in run(["--models", "judge", "--epochs", "2"], tmp_path).stdout
    )

    before = weights(tmp_path, "judge")
    other = run(["--models", "judge", "--epochs", "1"], tmp_path)
    assert other.returncode == 2
    assert "train.epochs 2, now 1" in other.stderr
    assert weights(tmp_path, "judge") == before
    replaced = run(["--models", "judge", "--epochs", "1", "--overwrite"], tmp_path)
    assert command_for("measure kl-2d --dataset digits --store --root", tmp_path) in replaced.stderr
    again = ["--models", "judge", "--epochs", "2", "--resume", "--out", "again"]
    elsewhere = run(again, tmp_path)
    assert elsewhere.returncode == 0, elsewhere.stderr
    assert (tmp_path / "again/digits/judge/model.safetensors").read_bytes() == before


def test_without_a_judge_a_model_is_finished_and_the_fix_is_named(tmp_path: Path):
    done = run(["--models", "kl-2d", "--epochs", "1"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert command_for("--dataset digits --models judge --out", tmp_path) in done.stderr
    assert command_for("measure kl-2d --dataset digits --store --root", tmp_path) in done.stderr
    assert "measures" not in load_checkpoint("digits/kl-2d", tmp_path / "checkpoints").meta


def test_torchrun_shares_the_models_out(tmp_path: Path):
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2"]
    done = subprocess.run(
        [*launcher, *TRAIN[1:], "--models", "kl-2d", "reconstruction-2d", "judge", "--epochs", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found = list_checkpoints(tmp_path / "checkpoints")
    assert found == ["digits/kl-2d", "digits/reconstruction-2d"]
    for name in found:
        # The first process trained the judge before either began on its model.
        assert "measures" in load_checkpoint(name, tmp_path / "checkpoints").meta
        assert len(re.findall(rf"{name}: epoch 1/1", done.stderr)) == 1


BAD_FLAGS = {
    "--epochs 0": r"epochs is 0; allowed: a whole number above 0",
    "--epochs many": r"--epochs: invalid int value: 'many'",
    "--batch-size -4": r"batch size is -4",
    "--lr 2": r"lr is 2\.0; allowed: above 0 and below 1",
    "--lr nan": r"lr is nan",
    "--seed -1": r"seed is -1",
    "--models vae-3d": r"No model 'vae-3d' in the zoo\. Allowed, separated by spaces: judge, ",
    "--models mnist/vae-2d": r"No model 'mnist/vae-2d' in the zoo",
    "--device tpu": r"--device is 'tpu'; allowed: auto, cpu, cuda",
    "--device cuda:99": r"--device is 'cuda:99', but this machine has \d+ usable CUDA devices",
    "--dataset cifar": r"--dataset: invalid choice: 'cifar'",
    "--fast": r"unrecognized arguments: --fast",
}


@pytest.mark.parametrize("flags", BAD_FLAGS)
def test_a_bad_flag_is_one_sentence_and_exit_status_2(
    flags: str, tmp_path: Path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert main(["train", *FLAGS, *flags.split()], program="train.py") == 2
    errors = capsys.readouterr().err
    assert re.search(BAD_FLAGS[flags], errors)
    assert len(errors.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_diverged_training_says_so_and_writes_nothing(
    tmp_path: Path, digits: Dataset, monkeypatch: pytest.MonkeyPatch
):
    def diverge(*arguments: object) -> Iterator[FitState]:
        state = arguments[-1]
        state.history.append({"test_reconstruction": [float("nan")], "test_kl": [1.0]})
        yield state

    monkeypatch.setattr(builds, "fit", diverge)
    places = builds.BuildPlaces(tmp_path / "out", tmp_path / "runs", torch.device("cpu"))
    with pytest.raises(BadSetting, match=r"digits/vae-2d diverged in epoch 1.*0\.006.*--lr"):
        builds.build_checkpoint(zoo("digits")["vae-2d"], digits, places, resume=False)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_missing_mnist_is_one_sentence(tmp_path: Path):
    blocked = {key: "http://127.0.0.1:9" for key in ("http_proxy", "https_proxy")}
    blocked["MNIST_ROOT"] = ""
    done = run(
        ["--dataset", "mnist", "--models", "kl-2d", "--data-root", "data"], tmp_path, **blocked
    )
    assert done.returncode == 2
    last = done.stderr.strip().splitlines()[-1]
    assert re.search(r"MNIST was not found.*data/MNIST/raw.*--dataset digits", last)
    assert "Traceback" not in done.stderr


def test_statistics_come_back_when_every_model_is_finished(tmp_path: Path):
    flags = ["--models", "kl-2d", "--epochs", "1"]
    assert run(flags, tmp_path).returncode == 0
    statistics = tmp_path / "checkpoints" / "digits" / "statistics.safetensors"
    statistics.unlink()
    assert run(flags, tmp_path).returncode == 0
    assert statistics.exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path):
    (tmp_path / "afile").write_text("in the way")
    done = run(["--models", "kl-2d", "--epochs", "1", "--out", "afile"], tmp_path)
    assert done.returncode == 2
    assert "afile" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_where_nothing_can_be_kept_nothing_is_trained(tmp_path: Path):
    (tmp_path / "runs").write_text("in the way")
    done = run(["--models", "kl-2d", "--epochs", "1"], tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"train.py: {tmp_path}/runs/checkpoints")
    assert len(done.stderr.splitlines()) == 1  # no epoch before it


def test_list_shows_the_zoo_and_what_is_trained(tmp_path: Path):
    listed = run(["--list"], tmp_path)
    (line,) = run(["--list", "--models", "digits/vae-2d"], tmp_path).stdout.splitlines()
    assert line in listed.stdout.splitlines()
    assert listed.returncode == 0
    assert len(listed.stdout.strip().splitlines()) == 7
    assert "digits/judge: classifier of 16 and 32 channels, 16 features, 60 epochs" in listed.stdout
    assert "digits/vae-2d: 64-128-128-2, beta 1, 120 epochs: not trained yet" in listed.stdout


def test_without_a_data_set_all_are_listed(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["train", "--list", "--models", "vae-2d"], program="train.py") == 0
    names = [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert names == ["mnist/vae-2d", "digits/vae-2d"]
