"""HTTP: pages, API, templates and the front-end assets."""
