"""A round: where every applicant stands, how far they came, how its reviewers judged."""
