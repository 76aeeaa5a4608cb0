"""On random programmes and submissions the models give exactly the rows of an independent oracle.

GIAOBAN_EXAMPLES asks for more examples than a run of the suite has time for.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings

from .contents import Tables
from .frames import frames_of
from .models import differences, run_models
from .oracle import recompute
from .strategies import programmes

EXAMPLES = int(os.environ.get("GIAOBAN_EXAMPLES", "25"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(programmes())
def test_the_models_agree_with_the_oracle(tables: Tables) -> None:
    frames = frames_of(tables)
    assert differences(recompute(frames), run_models(frames)) == []
