"""The demonstration over several processes of this machine (``make cluster``)."""
