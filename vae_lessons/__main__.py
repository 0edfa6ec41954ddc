"""`python -m vae_lessons`: see `vae_lessons.cli`."""

import sys

from vae_lessons.cli import main

sys.exit(main())
