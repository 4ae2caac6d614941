"""The browser side: style sheets and islands, and the script that bundles them."""
