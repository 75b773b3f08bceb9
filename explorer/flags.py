"""The command lines: every mistake is told in a sentence; see `explorer.errors`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from explorer.errors import BadSetting, ExplorerError
from explorer.places import data_root


class FlagParser(argparse.ArgumentParser):
    """Raises BadSetting where argparse would print its usage text and exit."""

    def error(self, message: str) -> NoReturn:
        """Name the mistake and where the flags are described."""
        raise BadSetting(f"{message}. See --help.")


def add_data_root(parser: argparse.ArgumentParser) -> None:
    """The flag that names the folder of MNIST; without it, what the app and the tests go by."""
    parser.add_argument(
        "--data-root",
        type=Path,
        default=data_root(),
        help=f"the folder that holds MNIST/raw; default: {data_root()}",
    )


def run(program: str, work: Callable[[], None], afterwards: str) -> int:
    """Do the work of a command line and tell its mistakes without a traceback.

    `afterwards` says what an interruption or a full disk leaves behind, if anything. Returns the
    exit status: 0 done, 1 nobody reads the output any more, 2 a mistake in flags, data or files,
    130 interrupted.
    """
    try:
        work()
        sys.stdout.flush()  # here, where a full disk is still told in a sentence
    except BrokenPipeError:  # `| head` has seen enough; what is left must not fail at the exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except ExplorerError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return 2
    except OSError as error:  # a full disk, a folder without rights
        file = "" if error.filename is None else f"{error.filename}: "
        problem = f"{file}{error.strerror or error}. Mend that first."
        print(f"{program}: {problem} {afterwards}".rstrip(), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\nInterrupted. {afterwards}".rstrip(), file=sys.stderr)
        return 130
    return 0
