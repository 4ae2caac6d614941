"""The services of operations (protocols in service/sdk), implemented by the rooms of casework."""
