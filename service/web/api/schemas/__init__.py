"""Request and response schemas (marshmallow), by subject; the OpenAPI document is made from them."""
