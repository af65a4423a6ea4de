"""schemathesis over the real application, all checks: what the contract allows is answered, what it forbids is refused.

CONTRACT_CASES sets the cases for each route; `python -m tests.load.soak` asks for 2,000.
"""

import os
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings

from service import create_app
from service.settings import Settings
from tests.conftest import service, until
from tests.double import Double

CASES = int(os.environ.get("CONTRACT_CASES", "40"))

app = create_app(Settings(threads=64), Double())
until(lambda: service(app).pipeline.batcher.warm)
schema = schemathesis.openapi.from_wsgi("/openapi.json", app)


@schema.parametrize()
@settings(max_examples=CASES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_contract_holds(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate()
