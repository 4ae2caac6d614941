"""What operations are handed (service/sdk/work.py), carried out by the rooms of casework."""
