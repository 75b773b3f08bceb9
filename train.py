"""Train the zoo: `python train.py`, or `python train.py --dataset digits` without any download."""

import sys

from explorer.cli import main

if __name__ == "__main__":
    sys.exit(main(["train", *sys.argv[1:]], program="train.py"))
