from tests.integration.web.conftest import app, bench, browse

__all__ = ["app", "bench", "browse"]
