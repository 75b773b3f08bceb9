"""`open`: Streamlit on the app's script, in this process, from whatever folder.

Knows the script by its path alone; Streamlit finds its own settings beside it.
"""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from collections.abc import Sequence

from explorer.errors import BadSetting
from explorer.places import HOME

PORTS = range(1, 65_536)


def open_app(flags: argparse.Namespace) -> None:
    """Run the app until it is interrupted; ends the process with Streamlit's own exit status.

    What is set by a flag is told to the app by its environment variable. Raises BadSetting for a
    port that cannot be or a folder of models that is not there.
    """
    if flags.root is not None:
        if not flags.root.is_dir():
            raise BadSetting(f"--root is {str(flags.root)!r}, which is no folder.")
        os.environ["EXPLORER_CHECKPOINTS"] = str(flags.root)
    if flags.lessons is not None:
        os.environ["EXPLORER_LESSONS"] = str(flags.lessons)
    os.environ["MNIST_ROOT"] = str(flags.data_root)
    sys.argv = ["streamlit", "run", str(HOME / "app.py"), *streamlit_options(flags)]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def streamlit_options(flags: argparse.Namespace) -> list[str]:
    """Our flags in Streamlit's words, then what was given as its own options."""
    options: list[str] = []
    if flags.port is not None:
        if flags.port not in PORTS:
            raise BadSetting(
                f"--port is {flags.port}; allowed: {PORTS[0]} to {PORTS[-1]}, such as 8501."
            )
        options += ["--server.port", str(flags.port)]
    if flags.no_browser:
        options += ["--server.headless", "true"]
    return [*options, *flags.streamlit]


def split_options(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """A command line in two: our own flags, and Streamlit's options, whose names have a dot."""
    ours: list[str] = []
    theirs: list[str] = []
    current = ours
    for argument in arguments:
        if argument.startswith("-"):
            name = argument.partition("=")[0]
            current = theirs if name.startswith("--") and "." in name else ours
        current.append(argument)
    return ours, theirs
