"""The command lines' parser: a bad flag is one sentence, as every other mistake of a user."""

import argparse
from typing import NoReturn

from explorer.errors import BadSetting


class FlagParser(argparse.ArgumentParser):
    """Raises BadSetting where argparse would print its usage text and exit."""

    def error(self, message: str) -> NoReturn:
        """Name the mistake and where the flags are described."""
        raise BadSetting(f"{message}. See --help.")
